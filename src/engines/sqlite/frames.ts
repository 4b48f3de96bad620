/** Between parent and child: four bytes of length, one that says what it is, then the content. */
export const HEADER_BYTES = 5;

export const JSON_FRAME = 0x4a;
/** Rows: see cells.ts. */
export const ROWS_FRAME = 0x52;

/** Longer ones are a fault: a batch of rows is at most one row over its aim, and a row has SQLite's own limit. */
const MAX_FRAME_BYTES = 1_073_741_824;

export interface Frame {
  readonly type: number;
  readonly content: Buffer;
}

export function frame(type: number, content: Uint8Array): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(content.length, 0);
  header[4] = type;
  return Buffer.concat([header, content]);
}

/** Puts what arrives in pieces together. */
export class FrameReader {
  private pieces: Buffer[] = [];
  private size = 0;

  push(piece: Buffer): void {
    this.pieces.push(piece);
    this.size += piece.length;
  }

  /** The next whole frame; undefined until more has come. */
  next(): Frame | undefined {
    if (this.size < HEADER_BYTES) return undefined;
    const header = this.peek(HEADER_BYTES);
    const length = header.readUInt32LE(0);
    if (length > MAX_FRAME_BYTES) throw new Error(`A frame of ${String(length)} bytes`);
    if (this.size < HEADER_BYTES + length) return undefined;
    const whole = this.peek(HEADER_BYTES + length);
    this.pieces = [whole.subarray(HEADER_BYTES + length), ...this.pieces.slice(1)];
    this.size -= HEADER_BYTES + length;
    return { type: whole[4] ?? 0, content: whole.subarray(HEADER_BYTES, HEADER_BYTES + length) };
  }

  /** At least so many bytes in one piece, which is the first afterwards. */
  private peek(bytes: number): Buffer {
    const [first] = this.pieces;
    if (first !== undefined && first.length >= bytes) return first;
    const joined = Buffer.concat(this.pieces);
    this.pieces = [joined];
    return joined;
  }
}
