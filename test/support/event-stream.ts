/** Server-sent events as they come in. */
export interface EventStream {
  /** The data of the next event, which must have this name; waits for it. */
  next(name: string): Promise<unknown>;
  /** The data of the next event of this name, whatever else comes before. */
  eventually(name: string): Promise<unknown>;
  /** Settles when the server has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

const PATIENCE_MS = 5000;

export async function openStream(url: string, token: string): Promise<EventStream> {
  const abort = new AbortController();
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`No stream: ${String(response.status)}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const waiting: { name: string; data: unknown }[] = [];
  let wake = (): void => undefined;
  const read = async (): Promise<void> => {
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      waiting.push(...blocks.flatMap(eventOf));
      wake();
    }
  };
  const ended = read().catch(() => undefined);
  const take = async (name: string, pass: boolean): Promise<unknown> => {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = waiting.shift();
      if (found?.name === name) return found.data;
      if (found !== undefined && !pass) throw new Error(`${found.name} came instead of ${name}.`);
      if (performance.now() > until) throw new Error(`No ${name} came.`);
      if (waiting.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 100);
      });
    }
  };
  return {
    ended,
    close: () => {
      abort.abort();
    },
    next: async (name) => take(name, false),
    eventually: async (name) => take(name, true),
  };
}

function eventOf(block: string): { name: string; data: unknown }[] {
  const name = /^event: (.*)$/m.exec(block)?.[1];
  const data = /^data: (.*)$/m.exec(block)?.[1];
  return name === undefined ? [] : [{ name, data: JSON.parse(data ?? 'null') as unknown }];
}
