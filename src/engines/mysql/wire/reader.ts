import { FULL_PACKET, LargeRow } from './large-row.js';
import { TextRow } from './text-row.js';

/** Rows above this are read piece by piece instead of being put together first. */
const LARGE = 262_144;
const HEAD = 4;

export interface PacketHandler {
  /** Whether a packet that comes now may be a row. */
  readonly inRows: boolean;
  readonly maxCellBytes: number;
  /** A row; valid only during the call. A promise holds everything back until it settles. */
  row(row: TextRow): void | Promise<void>;
  /** Any other packet. The body is valid only during the call. */
  packet(body: Buffer): void | Promise<void>;
}

interface Step {
  readonly at: number;
  readonly wait: Promise<void> | undefined;
}

/** Cuts the server's stream into packets. Rows are handed over as they lie in the socket's own chunks. */
export class PacketReader {
  readonly row = new TextRow();
  private rest: Buffer = Buffer.alloc(0);
  private large: LargeRow | null = null;

  constructor(private readonly handler: PacketHandler) {}

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

  private step(data: Buffer, at: number): Step {
    if (data.length - at < HEAD) return { at, wait: undefined };
    const size = data.readUIntLE(at, 3);
    const body = at + HEAD;
    if (size > LARGE) return this.beginLarge(body, size);
    if (data.length < body + size) return { at, wait: undefined };
    return { at: body + size, wait: this.deliver(data, body, body + size) };
  }

  private beginLarge(body: number, size: number): Step {
    if (!this.handler.inRows) throw new Error('The server sent a packet that is too large.');
    this.large = new LargeRow(this.handler.maxCellBytes, Math.min(size, FULL_PACKET));
    return { at: body, wait: undefined };
  }

  private deliver(data: Buffer, from: number, to: number): Promise<void> | undefined {
    const { handler } = this;
    if (!handler.inRows || isNoRow(data, from, to))
      return handler.packet(data.subarray(from, to)) ?? undefined;
    this.row.read(data, from, to, handler.maxCellBytes);
    return handler.row(this.row) ?? undefined;
  }

  private continueLarge(large: LargeRow, data: Buffer, at: number): Step {
    const next = large.take(data, at);
    if (!large.complete) return { at: next, wait: undefined };
    this.large = null;
    this.row.take(large.cells, large.sizes, this.handler.maxCellBytes);
    return { at: next, wait: this.handler.row(this.row) ?? undefined };
  }
}

/** An error, or the short packet that ends rows; no cell begins with 0xff, and one with 0xfe is longer. */
function isNoRow(data: Buffer, from: number, to: number): boolean {
  const first = data[from];
  return first === 0xff || (first === 0xfe && to - from < 9);
}
