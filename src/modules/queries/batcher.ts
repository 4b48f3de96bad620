interface Waiting<T> {
  readonly item: T;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Gathers what several callers have to write at the same moment into one write: while one is under way the next
 * gathers. Nobody goes on before their own part is written.
 */
export class Batcher<T> {
  private waiting: Waiting<T>[] = [];
  private writing = false;

  /** `write` answers the error of each item that it could not take; throwing fails them all. */
  constructor(private readonly write: (items: readonly T[]) => Promise<ReadonlyMap<T, Error>>) {}

  async add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.writing) return;
      this.writing = true;
      // One turn later, so that what arrives with the same packet is written together.
      setImmediate(() => void this.writeAll());
    });
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      await this.writeBatch(batch);
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
