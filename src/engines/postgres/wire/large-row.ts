/**
 * Gathers one DataRow that is too large to be kept: cells come in piece by piece, what exceeds the limit is skipped on
 * the way and never held.
 */
export class LargeRow {
  readonly cells: (Buffer | null)[] = [];
  readonly sizes: number[] = [];
  private head: Buffer = Buffer.alloc(0);
  private columns = -1;
  private kept: Buffer[] = [];
  private wanted = 0;
  /** Bytes of the present cell that are still to come; -1 between cells. */
  private missing = -1;

  constructor(
    private readonly maxCellBytes: number,
    /** Bytes of the message's body that are still to come. */
    private left: number,
  ) {}

  /** Takes what belongs to the row from the chunk; answers where the rest of the chunk begins. */
  take(chunk: Buffer, from: number): number {
    const end = Math.min(chunk.length, from + this.left);
    let at = from;
    while (at < end) at = this.missing >= 0 ? this.takeCell(chunk, at, end) : this.takeHead(chunk, at, end);
    this.left -= end - from;
    return end;
  }

  get complete(): boolean {
    return this.left === 0;
  }

  private takeHead(chunk: Buffer, from: number, end: number): number {
    const size = this.columns < 0 ? 2 : 4;
    const upTo = Math.min(end, from + size - this.head.length);
    this.head = Buffer.concat([this.head, chunk.subarray(from, upTo)]);
    if (this.head.length < size) return upTo;
    const { head } = this;
    this.head = Buffer.alloc(0);
    if (size === 2) this.columns = head.readInt16BE();
    else this.begin(head.readInt32BE());
    return upTo;
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
