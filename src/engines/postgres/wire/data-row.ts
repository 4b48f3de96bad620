import type { Row } from '../../engine.js';

/** A row whose cells lie in the bytes that came from the socket; used again for the next row. */
export class DataRow implements Row {
  length = 0;
  private starts: number[] = [];
  private ends: number[] = [];
  private sizes: number[] = [];
  private source: Buffer = Buffer.alloc(0);

  /** Reads a whole DataRow message's body. Cells are cut at `maxCellBytes`. */
  read(source: Buffer, from: number, maxCellBytes: number): void {
    const count = source.readInt16BE(from);
    let at = from + 2;
    this.source = source;
    this.length = count;
    for (let index = 0; index < count; index += 1) {
      const size = source.readInt32BE(at);
      at += 4;
      this.starts[index] = at;
      this.ends[index] = size < 0 ? -1 : at + Math.min(size, maxCellBytes);
      this.sizes[index] = size;
      if (size > 0) at += size;
    }
  }

  /** Takes cells that were gathered one by one. */
  take(cells: readonly (Buffer | null)[], sizes: readonly number[]): void {
    const present = cells.map((cell) => cell ?? Buffer.alloc(0));
    this.source = Buffer.concat(present);
    this.length = cells.length;
    let at = 0;
    cells.forEach((cell, index) => {
      this.starts[index] = at;
      at += cell?.length ?? 0;
      this.ends[index] = cell === null ? -1 : at;
      this.sizes[index] = sizes[index] ?? 0;
    });
  }

  bytes(index: number): Uint8Array | null {
    const end = this.ends[index] ?? -1;
    return end < 0 ? null : this.source.subarray(this.starts[index], end);
  }

  size(index: number): number {
    return Math.max(0, this.sizes[index] ?? 0);
  }

  /** Bytes of all cells as they are kept. */
  get weight(): number {
    let sum = 0;
    for (let index = 0; index < this.length; index += 1) {
      const end = this.ends[index] ?? -1;
      if (end >= 0) sum += end - (this.starts[index] ?? 0);
    }
    return sum;
  }
}
