import type { ValueKind } from './engine.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Integers of up to 15 digits fit into a JavaScript number whatever they are. */
const SAFE_DIGITS = 15;
const HEX = Buffer.from('0123456789abcdef');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/** Gathers bytes in a buffer that grows. */
export class ByteWriter {
  protected buffer: Buffer;
  protected at = 0;

  constructor(private readonly firstSize = 16_384) {
    this.buffer = Buffer.allocUnsafe(firstSize);
  }

  /** Bytes that were written. */
  get size(): number {
    return this.at;
  }

  /** Hands over what was written and begins anew. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.at);
    this.buffer = Buffer.allocUnsafe(Math.max(this.firstSize, this.at));
    this.at = 0;
    return taken;
  }

  protected copy(bytes: Uint8Array): void {
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  protected put(byte: number): void {
    this.buffer[this.at] = byte;
    this.at += 1;
  }

  /** Makes room for so many bytes more. */
  protected reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

/** Writes cells as JSON without making JavaScript values of them. Room for six times their bytes is reserved before. */
export class JsonWriter extends ByteWriter {
  protected value(bytes: Uint8Array, kind: ValueKind): void {
    if (kind === 'boolean') this.copy(bytes[0] === 0x74 ? TRUE : FALSE);
    else if (kind === 'integer' && isSafeInteger(bytes)) this.copy(bytes);
    else if (kind === 'float' && isJsonNumber(bytes)) this.copy(bytes);
    else this.text(bytes);
  }

  protected text(bytes: Uint8Array): void {
    const { buffer } = this;
    let { at } = this;
    buffer[at] = QUOTE;
    at += 1;
    for (const byte of bytes) {
      if (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) {
        buffer[at] = byte;
        at += 1;
      } else {
        at = escape(buffer, at, byte);
      }
    }
    buffer[at] = QUOTE;
    this.at = at + 1;
  }
}

function escape(buffer: Buffer, at: number, byte: number): number {
  buffer[at] = BACKSLASH;
  if (byte === QUOTE || byte === BACKSLASH) {
    buffer[at + 1] = byte;
    return at + 2;
  }
  buffer.write('u00', at + 1, 'latin1');
  buffer[at + 4] = HEX[byte >> 4] ?? 0x30;
  buffer[at + 5] = HEX[byte & 15] ?? 0x30;
  return at + 6;
}

function isSafeInteger(bytes: Uint8Array): boolean {
  return bytes.length <= SAFE_DIGITS || Number.isSafeInteger(Number(Buffer.from(bytes).toString('latin1')));
}

/** Engines write floats as JSON does, except for NaN and the infinities. */
function isJsonNumber(bytes: Uint8Array): boolean {
  const last = bytes.at(-1) ?? 0;
  return last >= 0x30 && last <= 0x39;
}
