import { Readable } from 'node:stream';

const HELD_BYTES = 262_144;

/** Bytes on their way to whoever asked; holds the sender back while they are not taken. */
export class Outflow extends Readable {
  private release: (() => void) | null = null;

  constructor() {
    super({ highWaterMark: HELD_BYTES });
  }

  /** A promise when the receiver is behind; it settles as well when the receiver has left. */
  send(chunk: Buffer): void | Promise<void> {
    if (this.destroyed || chunk.length === 0 || this.push(chunk)) return;
    return new Promise((resolve) => {
      this.release = resolve;
    });
  }

  finish(): void {
    this.push(null);
  }

  override _read(): void {
    this.letGo();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.letGo();
    callback(error);
  }

  private letGo(): void {
    const { release } = this;
    this.release = null;
    release?.();
  }
}
