import type { Row, ValueKind } from '../engine.js';

/**
 * Rows on their way from the child: per cell one byte that says what it is and, unless it is NULL, four bytes with the
 * size of its text, four with how much of that follows, and that.
 */
const NULL_CELL = 0;
/** What a cell is, by its byte; 0 is NULL. */
export const CELL_KINDS = [
  'other',
  'integer',
  'float',
  'text',
  'binary',
] as const satisfies readonly ValueKind[];

const CELL_HEADER_BYTES = 9;

/** Writes rows in the child. */
export class RowWriter {
  private buffer: Buffer;
  private at = 0;

  constructor(private readonly aim: number) {
    this.buffer = Buffer.allocUnsafe(aim);
  }

  get isFull(): boolean {
    return this.at >= this.aim;
  }

  /** Where the next cell begins; `rewind` takes back what came after. */
  mark(): number {
    return this.at;
  }

  rewind(mark: number): void {
    this.at = mark;
  }

  null(): void {
    this.reserve(1);
    this.buffer[this.at] = NULL_CELL;
    this.at += 1;
  }

  /** A cell's text; what is beyond `keep` bytes is only counted. Answers how many bytes were kept. */
  text(kind: number, text: string, keep: number): number {
    const size = Buffer.byteLength(text);
    const kept = Math.min(size, keep);
    this.header(kind, size, kept);
    // write() leaves out a character that does not fit whole, so the count is what it says.
    const written = kept === size ? this.buffer.write(text, this.at, size, 'utf8') : this.cut(text, kept);
    this.at += written;
    return written;
  }

  /** Bytes as hexadecimal digits, led by a backslash and an x. */
  bytes(kind: number, bytes: Uint8Array, keep: number): number {
    const size = 2 + bytes.length * 2;
    const shown = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, keep));
    const text = `\\x${shown.toString('hex')}`;
    const kept = Math.min(size, keep);
    this.header(kind, size, kept);
    this.buffer.write(text, this.at, kept, 'latin1');
    this.at += kept;
    return kept;
  }

  /** What was written; valid until the next cell. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.at);
    this.at = 0;
    return taken;
  }

  private cut(text: string, kept: number): number {
    const headerAt = this.at - 4;
    // A character has at least one byte, so no more characters than bytes can be kept.
    const written = this.buffer.write(text.slice(0, kept), this.at, kept, 'utf8');
    this.buffer.writeUInt32LE(written, headerAt);
    return written;
  }

  private header(kind: number, size: number, kept: number): void {
    this.reserve(CELL_HEADER_BYTES + kept);
    this.buffer[this.at] = kind;
    this.buffer.writeUInt32LE(size, this.at + 1);
    this.buffer.writeUInt32LE(kept, this.at + 5);
    this.at += CELL_HEADER_BYTES;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

/** Reads a frame of rows in the parent. Each row is valid until the next is taken. */
export function* readRows(content: Buffer, columns: number): Generator<Row> {
  const row = new CellRow(content, columns);
  while (row.next()) yield row;
}

class CellRow implements Row {
  private readonly kinds: Uint8Array;
  private readonly sizes: Float64Array;
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  private at = 0;

  constructor(
    private readonly content: Buffer,
    readonly length: number,
  ) {
    this.kinds = new Uint8Array(length);
    this.sizes = new Float64Array(length);
    this.starts = new Float64Array(length);
    this.ends = new Float64Array(length);
  }

  next(): boolean {
    if (this.at >= this.content.length) return false;
    for (let index = 0; index < this.length; index += 1) this.cell(index);
    return true;
  }

  bytes(index: number): Uint8Array | null {
    if (this.kinds[index] === NULL_CELL) return null;
    return this.content.subarray(this.starts[index], this.ends[index]);
  }

  size(index: number): number {
    return this.sizes[index] ?? 0;
  }

  kind(index: number): ValueKind {
    return CELL_KINDS[this.kinds[index] ?? 0] ?? 'other';
  }

  private cell(index: number): void {
    const kind = this.content.readUInt8(this.at);
    this.kinds[index] = kind;
    if (kind === NULL_CELL) {
      this.sizes[index] = 0;
      this.at += 1;
      return;
    }
    const kept = this.content.readUInt32LE(this.at + 5);
    const start = this.at + CELL_HEADER_BYTES;
    if (kind >= CELL_KINDS.length || start + kept > this.content.length) throw new RangeError('Not a row');
    this.sizes[index] = this.content.readUInt32LE(this.at + 1);
    this.starts[index] = start;
    this.ends[index] = start + kept;
    this.at = start + kept;
  }
}
