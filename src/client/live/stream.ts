/** How the connection to the server stands: `lost` while it is being tried again, `ended` for good. */
export type LiveState = 'open' | 'lost' | 'ended';

export interface LiveListener {
  /** An event of the server's, its data still as JSON. */
  heard(name: string, data: string): void;
  changed(state: LiveState): void;
}

/** The server sends a sign of life every 20 seconds. */
const SILENCE_MS = 50_000;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 30_000;

/** Reads the server's events and connects again, later and later, as long as the session lasts. */
export class LiveStream {
  private since: string;
  private over = false;

  /** Events are wanted from this moment on, in milliseconds since 1970. */
  constructor(
    since: number,
    private readonly listener: LiveListener,
  ) {
    this.since = String(since);
  }

  /** Resolves when the session has ended or the signal says stop. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = () => signal.aborted || this.over;
    for (let failures = 0; !stopped(); failures += 1) {
      if (failures > 0) {
        await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures) * (0.5 + Math.random()), signal);
      }
      if (await this.connect(signal)) failures = 0;
      if (!stopped()) this.listener.changed('lost');
    }
  }

  /** One connection from beginning to end; answers whether there was one. */
  private async connect(signal: AbortSignal): Promise<boolean> {
    const silence = new AbortController();
    let timer = window.setTimeout(() => undefined);
    const alive = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        silence.abort();
      }, SILENCE_MS);
    };
    let connected = false;
    try {
      alive();
      const response = await fetch(`/live?since=${this.since}`, {
        headers: { accept: 'text/event-stream', 'x-background': '1' },
        signal: AbortSignal.any([signal, silence.signal]),
        cache: 'no-store',
      });
      if (response.status === 401) this.end();
      if (!response.ok || response.body === null) return false;
      connected = true;
      this.listener.changed('open');
      await this.read(response.body.pipeThrough(new TextDecoderStream()), alive);
    } catch {
      // A network that is gone, a server that restarts, a silence: whatever it was, it is tried again.
    } finally {
      window.clearTimeout(timer);
    }
    return connected;
  }

  private async read(body: ReadableStream<string>, alive: () => void): Promise<void> {
    const reader = body.getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [field(line, 0), field(line, 1)]));
    this.since = fields.get('id') ?? this.since;
    const name = fields.get('event');
    if (name === 'end') this.end();
    else if (name !== undefined) this.listener.heard(name, fields.get('data') ?? '{}');
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    this.listener.changed('ended');
  }
}

function field(line: string, part: 0 | 1): string {
  const colon = line.indexOf(': ');
  return part === 0 ? line.slice(0, colon) : line.slice(colon + 2);
}

/** Waits, but not longer than until the network is back or somebody looks at the page again. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const { signal: until } = done;
  await new Promise<void>((resolve) => {
    const go = () => {
      resolve();
    };
    window.setTimeout(go, ms);
    window.addEventListener('online', go, { signal: until });
    document.addEventListener('visibilitychange', go, { signal: until });
    signal.addEventListener('abort', go, { signal: until });
  });
  done.abort();
}
