import { lengthBytes } from './text-row.js';

/** A packet of this size is continued by the next one. */
export const FULL_PACKET = 0xffffff;
const HEAD = 4;

/**
 * Gathers one row that is too large to be kept: cells come in piece by piece, over as many packets as it takes; what
 * exceeds the limit is skipped on the way and never held.
 */
export class LargeRow {
  readonly cells: (Buffer | null)[] = [];
  readonly sizes: number[] = [];
  /** What there is of a cell's length, and of a packet's head, which may cut the former in two. */
  private part: Buffer = Buffer.alloc(0);
  private headPart: Buffer = Buffer.alloc(0);
  private kept: Buffer[] = [];
  private wanted = 0;
  /** Bytes of the present cell that are still to come; -1 between cells. */
  private missing = -1;
  private last: boolean;

  constructor(
    private readonly maxCellBytes: number,
    /** Bytes of the present packet that are still to come. */
    private left: number,
  ) {
    this.last = left < FULL_PACKET;
  }

  /** Takes what belongs to the row from the chunk; answers where the rest of the chunk begins. */
  take(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length && !this.complete) {
      at = this.left === 0 ? this.takeHead(chunk, at) : this.takeBody(chunk, at);
    }
    return at;
  }

  get complete(): boolean {
    return this.left === 0 && this.last;
  }

  private takeHead(chunk: Buffer, from: number): number {
    const upTo = Math.min(chunk.length, from + HEAD - this.headPart.length);
    this.headPart = Buffer.concat([this.headPart, chunk.subarray(from, upTo)]);
    if (this.headPart.length === HEAD) {
      this.left = this.headPart.readUIntLE(0, 3);
      this.last = this.left < FULL_PACKET;
      this.headPart = Buffer.alloc(0);
    }
    return upTo;
  }

  private takeBody(chunk: Buffer, from: number): number {
    const end = Math.min(chunk.length, from + this.left);
    const upTo = this.missing >= 0 ? this.takeCell(chunk, from, end) : this.takeLength(chunk, from);
    this.left -= upTo - from;
    return upTo;
  }

  private takeLength(chunk: Buffer, from: number): number {
    this.part = Buffer.concat([this.part, chunk.subarray(from, from + 1)]);
    const first = this.part[0] ?? 0;
    if (this.part.length === lengthBytes(first)) {
      this.begin(sizeOf(this.part));
      this.part = Buffer.alloc(0);
    }
    return from + 1;
  }

  private begin(size: number): void {
    this.sizes.push(size);
    if (size <= 0) {
      this.cells.push(size < 0 ? null : Buffer.alloc(0));
      return;
    }
    this.missing = size;
    this.wanted = Math.min(size, this.maxCellBytes);
    this.kept = [];
  }

  private takeCell(chunk: Buffer, from: number, end: number): number {
    const upTo = Math.min(end, from + this.missing);
    const keep = Math.min(this.wanted, upTo - from);
    if (keep > 0) this.kept.push(Buffer.from(chunk.subarray(from, from + keep)));
    this.wanted -= keep;
    this.missing -= upTo - from;
    if (this.missing === 0) {
      this.cells.push(Buffer.concat(this.kept));
      this.missing = -1;
    }
    return upTo;
  }
}

function sizeOf(part: Buffer): number {
  if (part.length === 1) return part[0] === 0xfb ? -1 : (part[0] ?? 0);
  return part.length === 9 ? Number(part.readBigUInt64LE(1)) : part.readUIntLE(1, part.length - 1);
}
