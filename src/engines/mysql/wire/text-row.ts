import type { Row } from '../../engine.js';

/** How a cell becomes text: as the server sent it, as hexadecimal digits, or as binary digits (`bits` of them). */
export type Rendering = 'text' | 'hex' | { readonly bits: number };

/** A row whose cells lie in the bytes that came from the socket; used again for the next row. */
export class TextRow implements Row {
  length = 0;
  renderings: readonly Rendering[] = [];
  private maxCellBytes = 0;
  private starts: number[] = [];
  private kept: number[] = [];
  /** Bytes on the server; -1 for NULL. */
  private sizes: number[] = [];
  private source: Buffer = Buffer.alloc(0);

  /** Reads a whole row; cells are cut at `maxCellBytes`. Throws RangeError when the cells do not fill it exactly. */
  read(source: Buffer, from: number, to: number, maxCellBytes: number): void {
    this.source = source;
    this.maxCellBytes = maxCellBytes;
    let at = from;
    let count = 0;
    while (at < to) {
      const first = source[at] ?? 0;
      const size = first < 0xfb ? first : longSize(source, at, first);
      at += first < 0xfc ? 1 : lengthBytes(first);
      this.starts[count] = at;
      this.kept[count] = Math.min(size, maxCellBytes);
      this.sizes[count] = size;
      if (size > 0) at += size;
      count += 1;
    }
    this.length = count;
    if (at !== to || count !== this.renderings.length) throw new RangeError('The server sent a broken row.');
  }

  /** Takes cells that were gathered one by one. */
  take(cells: readonly (Buffer | null)[], sizes: readonly number[], maxCellBytes: number): void {
    this.source = Buffer.concat(cells.map((cell) => cell ?? Buffer.alloc(0)));
    this.maxCellBytes = maxCellBytes;
    this.length = cells.length;
    let at = 0;
    cells.forEach((cell, index) => {
      this.starts[index] = at;
      this.kept[index] = cell?.length ?? -1;
      this.sizes[index] = sizes[index] ?? 0;
      at += cell?.length ?? 0;
    });
    if (cells.length !== this.renderings.length) throw new RangeError('The server sent a broken row.');
  }

  bytes(index: number): Uint8Array | null {
    const kept = this.kept[index] ?? -1;
    if (kept < 0) return null;
    const start = this.starts[index] ?? 0;
    const raw = this.source.subarray(start, start + kept);
    const rendering = this.renderings[index] ?? 'text';
    if (rendering === 'text') return raw;
    const text = rendering === 'hex' ? `0x${raw.toString('hex')}` : binaryDigits(raw, rendering.bits);
    return Buffer.from(text, 'latin1').subarray(0, this.maxCellBytes);
  }

  size(index: number): number {
    const size = this.sizes[index] ?? -1;
    if (size < 0) return 0;
    const rendering = this.renderings[index] ?? 'text';
    if (rendering === 'text') return size;
    return rendering === 'hex' ? 2 + 2 * size : rendering.bits;
  }

  /** Bytes of all cells as they are kept. */
  get weight(): number {
    let sum = 0;
    for (let index = 0; index < this.length; index += 1) {
      sum += Math.max(0, Math.min(this.size(index), this.maxCellBytes));
    }
    return sum;
  }
}

/** Bytes that a cell's length takes, its first byte included. */
export function lengthBytes(first: number): number {
  if (first < 0xfc) return 1;
  if (first === 0xfc) return 3;
  return first === 0xfd ? 4 : 9;
}

/** A length that does not fit into one byte; -1 for NULL. */
function longSize(source: Buffer, at: number, first: number): number {
  if (first === 0xfb) return -1;
  const bytes = lengthBytes(first) - 1;
  return bytes === 8 ? Number(source.readBigUInt64LE(at + 1)) : source.readUIntLE(at + 1, bytes);
}

function binaryDigits(raw: Buffer, bits: number): string {
  const digits = [...raw].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return digits.slice(-bits).padStart(bits, '0');
}
