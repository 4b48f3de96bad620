import { DataRow } from './data-row.js';
import { LargeRow } from './large-row.js';

/** Rows above this are read piece by piece instead of being put together first. */
const LARGE_ROW = 262_144;
/** No other message of the server is anywhere near this. */
const MAX_MESSAGE = 64 * 1_048_576;
const HEAD = 5;
const DATA_ROW = 0x44;

export interface MessageHandler {
  /** A DataRow; the row is valid only during the call. A promise holds everything back until it settles. */
  row(row: DataRow): void | Promise<void>;
  /** Any other message, by its type's letter. The body is valid only during the call. */
  message(type: string, body: Buffer): void | Promise<void>;
  readonly maxCellBytes: number;
}

/** Cuts the server's stream into messages. Rows are handed over as they lie in the socket's own chunks. */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);
  private large: LargeRow | null = null;
  private readonly row = new DataRow();

  constructor(private readonly handler: MessageHandler) {}

  /**
   * Handles what is complete. A promise means that the handler wants to wait: give no further chunk before it settles.
   * Throws when the stream makes no sense.
   */
  push(chunk: Buffer): void | Promise<void> {
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = Buffer.alloc(0);
    return this.run(data, 0);
  }

  private run(data: Buffer, from: number): void | Promise<void> {
    let at = from;
    while (at < data.length) {
      const next = this.large === null ? this.step(data, at) : this.continueLarge(this.large, data, at);
      if (next.at === at && next.wait === undefined) {
        this.rest = at === 0 ? data : Buffer.from(data.subarray(at));
        return;
      }
      at = next.at;
      const { wait } = next;
      if (wait !== undefined) return wait.then(async () => this.run(data, at));
    }
  }

  private step(data: Buffer, at: number): { at: number; wait: Promise<void> | undefined } {
    if (data.length - at < HEAD) return { at, wait: undefined };
    const type = data[at];
    const size = data.readInt32BE(at + 1) - 4;
    if (size < 0 || (type !== DATA_ROW && size > MAX_MESSAGE)) throw new Error('The server sent no message.');
    const body = at + HEAD;
    if (type === DATA_ROW && size > LARGE_ROW) {
      this.large = new LargeRow(this.handler.maxCellBytes, size);
      return { at: body, wait: undefined };
    }
    if (data.length < body + size) return { at, wait: undefined };
    return { at: body + size, wait: this.deliver(data, at, body, size) };
  }

  private deliver(data: Buffer, at: number, body: number, size: number): Promise<void> | undefined {
    const { handler } = this;
    if (data[at] === DATA_ROW) {
      this.row.read(data, body, handler.maxCellBytes);
      return handler.row(this.row) ?? undefined;
    }
    return handler.message(String.fromCharCode(data[at] ?? 0), data.subarray(body, body + size)) ?? undefined;
  }

  private continueLarge(
    large: LargeRow,
    data: Buffer,
    at: number,
  ): { at: number; wait: Promise<void> | undefined } {
    const next = large.take(data, at);
    if (!large.complete) return { at: next, wait: undefined };
    this.large = null;
    this.row.take(large.cells, large.sizes);
    return { at: next, wait: this.handler.row(this.row) ?? undefined };
  }
}
