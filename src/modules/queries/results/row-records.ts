import type { Column, Row, ValueKind } from '../../../engines/engine.js';

/** Kinds by the number that stands for them in a cell's head; 0 is "as its column says". New ones go to the end. */
const KINDS: readonly (ValueKind | undefined)[] = [
  undefined,
  'integer',
  'decimal',
  'float',
  'boolean',
  'text',
  'json',
  'binary',
  'time',
  'other',
];
const NULL = 15;
const KIND_SHIFT = 28;
const CUT = 1 << 27;
const LENGTH = CUT - 1;
const HEAD = 4;
const FIRST_SIZE = 16_384;

/** What a chunk holds at most, unless a single row is larger. */
export const CHUNK_BYTES = 262_144;

/**
 * Rows one behind the other as they are kept: the record's length, then each cell with a head of four bytes (its own
 * kind, whether it was cut, the length of what is kept), its size on the server where it was cut, and its bytes.
 */
export class RecordBuffer {
  records = 0;
  private buffer = Buffer.allocUnsafe(FIRST_SIZE);
  private at = 0;
  private digestedTo = 0;

  get size(): number {
    return this.at;
  }

  /** Bytes of the records since the last time this was asked. */
  fresh(): Buffer {
    const fresh = this.buffer.subarray(this.digestedTo, this.at);
    this.digestedTo = this.at;
    return fresh;
  }

  add(row: Row): void {
    const start = this.at;
    this.reserve(HEAD);
    this.at += HEAD;
    for (let index = 0; index < row.length; index += 1) this.cell(row, index);
    this.buffer.writeUInt32LE(this.at - start - HEAD, start);
    this.records += 1;
  }

  /** Hands over what was gathered and begins anew. */
  take(): { content: Buffer; records: number } {
    const taken = { content: this.buffer.subarray(0, this.at), records: this.records };
    this.buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    this.at = 0;
    this.digestedTo = 0;
    this.records = 0;
    return taken;
  }

  private cell(row: Row, index: number): void {
    const bytes = row.bytes(index);
    if (bytes === null) {
      this.head(NULL, 0);
      return;
    }
    const { length } = bytes;
    const size = row.size(index);
    const kind = row.kind === undefined ? 0 : KINDS.indexOf(row.kind(index));
    this.head(kind, size > length ? length | CUT : length);
    this.reserve(length + HEAD);
    if (size > length) this.at = this.buffer.writeUInt32LE(Math.min(size, 0xffff_ffff), this.at);
    this.buffer.set(bytes, this.at);
    this.at += length;
  }

  private head(kind: number, length: number): void {
    this.reserve(HEAD);
    this.at = this.buffer.writeUInt32LE(((kind << KIND_SHIFT) | length) >>> 0, this.at);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

/** A kept row; used again for the next one. */
export class RecordRow implements Row {
  length = 0;
  private source: Buffer = Buffer.alloc(0);
  private readonly kinds: number[] = [];
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  private readonly sizes: number[] = [];

  constructor(private readonly columns: readonly Column[]) {}

  /** Where the record after the one at `from` begins. */
  static next(source: Buffer, from: number): number {
    return from + HEAD + source.readUInt32LE(from);
  }

  /** Reads the record at `from`; answers where the next one begins. */
  read(source: Buffer, from: number): number {
    const end = RecordRow.next(source, from);
    this.source = source;
    let at = from + HEAD;
    let count = 0;
    while (at < end) {
      at = this.cell(source, at, count);
      count += 1;
    }
    this.length = count;
    return end;
  }

  bytes(index: number): Uint8Array | null {
    const length = this.lengths[index] ?? -1;
    const start = this.starts[index] ?? 0;
    return length < 0 ? null : this.source.subarray(start, start + length);
  }

  size(index: number): number {
    return this.sizes[index] ?? 0;
  }

  kind(index: number): ValueKind {
    return KINDS[this.kinds[index] ?? 0] ?? this.columns[index]?.kind ?? 'other';
  }

  private cell(source: Buffer, from: number, index: number): number {
    const head = source.readUInt32LE(from);
    const kind = head >>> KIND_SHIFT;
    const length = head & LENGTH;
    let at = from + HEAD;
    this.kinds[index] = kind;
    if (kind === NULL) {
      this.lengths[index] = -1;
      this.sizes[index] = 0;
      return at;
    }
    this.sizes[index] = length;
    if ((head & CUT) !== 0) {
      this.sizes[index] = source.readUInt32LE(at);
      at += HEAD;
    }
    this.starts[index] = at;
    this.lengths[index] = length;
    return at + length;
  }
}

/** The records of a chunk in turn, all in the same row. */
export function* recordsOf(content: Buffer, columns: readonly Column[]): Generator<RecordRow> {
  const row = new RecordRow(columns);
  let at = 0;
  while (at < content.length) {
    at = row.read(content, at);
    yield row;
  }
}
