interface Waiting<T> {
  readonly item: T;
  readonly written: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

export interface Patience {
  /** How long `addLater` waits for company. */
  readonly lingerMs: number;
  /** So many do not wait for more. */
  readonly enough: number;
}

/**
 * Gathers what several callers have to write at the same moment into one write: while one is under way the next
 * gathers. A promise resolves when its own part is written.
 */
export class Batcher<T> {
  private waiting: Waiting<T>[] = [];
  private underWay: readonly Waiting<T>[] = [];
  private writing = false;
  /** What waits is written as soon as nothing else is. */
  private due = false;
  private lingering: NodeJS.Timeout | null = null;

  /** `write` answers the error of each item that it could not take; throwing fails them all. */
  constructor(
    private readonly write: (items: readonly T[]) => Promise<ReadonlyMap<T, Error>>,
    private readonly patience: Patience = { lingerMs: 0, enough: 1 },
  ) {}

  /** Written at once, together with all that waits. */
  async add(item: T): Promise<void> {
    const written = this.gather(item);
    this.start();
    return written;
  }

  /** Written a little later, together with what comes meanwhile. */
  async addLater(item: T): Promise<void> {
    const written = this.gather(item);
    const { lingerMs, enough } = this.patience;
    if (this.waiting.length >= enough) this.start();
    if (this.due) return written;
    this.lingering ??= setTimeout(() => {
      this.start();
    }, lingerMs);
    return written;
  }

  /** Writes at once what waits; resolves when it is written, or could not be. */
  async flush(): Promise<void> {
    const all = [...this.underWay, ...this.waiting];
    if (this.waiting.length > 0) this.start();
    await Promise.allSettled(all.map(async ({ written }) => written));
  }

  private async gather(item: T): Promise<void> {
    let resolve = (): void => undefined;
    let reject: (error: unknown) => void = () => undefined;
    const written = new Promise<void>((settle, fail) => {
      resolve = settle;
      reject = fail;
    });
    this.waiting.push({ item, written, resolve, reject });
    return written;
  }

  private start(): void {
    if (this.lingering !== null) clearTimeout(this.lingering);
    this.lingering = null;
    this.due = true;
    if (this.writing) return;
    this.writing = true;
    // One turn later, so that what arrives with the same packet is written together.
    setImmediate(() => void this.writeAll());
  }

  private async writeAll(): Promise<void> {
    while (this.due) {
      this.due = false;
      this.underWay = this.waiting;
      this.waiting = [];
      await this.writeBatch(this.underWay);
      this.underWay = [];
    }
    this.writing = false;
  }

  private async writeBatch(batch: readonly Waiting<T>[]): Promise<void> {
    try {
      const errors = await this.write(batch.map(({ item }) => item));
      for (const waiting of batch) {
        const error = errors.get(waiting.item);
        if (error === undefined) waiting.resolve();
        else waiting.reject(error);
      }
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }
}
