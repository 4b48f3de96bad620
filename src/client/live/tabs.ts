import { LiveStream, type LiveListener, type LiveState } from './stream.js';

/** What the tabs of a browser tell each other. A new tab says hello and is told what happened a moment ago. */
type Word =
  { readonly name: string; readonly data: string } | { readonly state: LiveState } | { readonly hello: true };

const REMEMBERED_MS = 10_000;

/**
 * One stream for all tabs that show the same membership: whoever holds the lock reads it and tells the others. Browsers
 * give locks only to secure pages; elsewhere each tab has a stream of its own, and only while somebody looks at it.
 */
export class LiveTabs implements LiveListener {
  private readonly channel: BroadcastChannel;
  private readonly recent: { readonly at: number; readonly word: Word }[] = [];
  private stop = new AbortController();
  private state: LiveState = 'open';

  constructor(
    private readonly membership: string,
    private readonly since: number,
    private readonly page: LiveListener,
  ) {
    this.channel = new BroadcastChannel(`live:${membership}`);
    this.channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
      this.listen(data);
    });
  }

  start(): void {
    // Typed as always there, but absent on plain HTTP.
    const locks = navigator.locks as LockManager | undefined;
    if (locks === undefined) this.whileVisible();
    else this.share(locks);
    this.channel.postMessage({ hello: true } satisfies Word);
  }

  /** After the page came back from the browser's memory, or somebody signed in again: much may have happened. */
  again(): void {
    this.end();
    this.stop = new AbortController();
    this.start();
    this.page.heard('gap', '{}');
  }

  end(): void {
    this.stop.abort();
  }

  heard(name: string, data: string): void {
    this.tell({ name, data });
    this.page.heard(name, data);
  }

  changed(state: LiveState): void {
    this.state = state;
    this.tell({ state });
    this.page.changed(state);
  }

  private share(locks: LockManager): void {
    const { signal } = this.stop;
    locks
      .request(`live:${this.membership}`, { signal }, async () => this.stream().run(signal))
      // The page was left while it waited for its turn.
      .catch(() => undefined);
  }

  private whileVisible(): void {
    const { signal } = this.stop;
    let seen = new AbortController();
    const look = () => {
      seen.abort();
      seen = new AbortController();
      if (!document.hidden) void this.stream().run(AbortSignal.any([signal, seen.signal]));
    };
    document.addEventListener('visibilitychange', look, { signal });
    look();
  }

  private stream(): LiveStream {
    return new LiveStream(this.since, this);
  }

  private tell(word: Word): void {
    const now = performance.now();
    this.channel.postMessage(word);
    this.recent.push({ at: now, word });
    while ((this.recent[0]?.at ?? now) < now - REMEMBERED_MS) this.recent.shift();
  }

  private listen(word: Word): void {
    if ('name' in word) this.page.heard(word.name, word.data);
    else if ('state' in word) this.page.changed(word.state);
    else for (const { word: again } of this.recent) this.channel.postMessage(again);
    if ('hello' in word && this.state !== 'open') this.channel.postMessage({ state: this.state });
  }
}
