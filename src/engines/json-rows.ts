import type { Column, ResultSink, Row, ValueKind } from './engine.js';

/** A cell whose text was longer than the limit: what is shown is its beginning. */
export interface CutCell {
  readonly row: number;
  readonly column: number;
  /** Bytes of the whole cell on the server. */
  readonly size: number;
}

/** A cell as JSON has it. */
export type JsonCell = string | number | boolean | null;

const FIRST_SIZE = 16_384;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** Integers of up to 15 digits fit into a JavaScript number whatever they are. */
const SAFE_DIGITS = 15;
const HEX = Buffer.from('0123456789abcdef');
const NULL = Buffer.from('null');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/**
 * Writes rows as a JSON array of arrays while they come in. The server's text goes from its message into the answer
 * without becoming a JavaScript value: numbers stay exact, and what a number cannot hold becomes a string.
 */
export class JsonRows implements ResultSink {
  columnList: readonly Column[] = [];
  rowCount = 0;
  readonly cut: CutCell[] = [];
  private kinds: readonly ValueKind[] = [];
  private buffer = Buffer.allocUnsafe(FIRST_SIZE);
  private at = 0;

  columns(columns: readonly Column[]): void {
    this.columnList = columns;
    this.kinds = columns.map((column) => column.kind);
  }

  row(row: Row): void {
    this.reserve(4);
    if (this.rowCount > 0) this.put(COMMA);
    this.put(0x5b);
    for (let index = 0; index < row.length; index += 1) {
      if (index > 0) this.put(COMMA);
      this.cell(row, index);
    }
    this.put(0x5d);
    this.rowCount += 1;
  }

  /** Bytes of the rows as JSON. */
  get size(): number {
    return this.at;
  }

  /** The rows as the text of a JSON array. */
  json(): Buffer {
    return Buffer.concat([Buffer.from('['), this.buffer.subarray(0, this.at), Buffer.from(']')]);
  }

  /** The rows as values, for templates. */
  rows(): JsonCell[][] {
    return JSON.parse(this.json().toString('utf8')) as JsonCell[][];
  }

  private cell(row: Row, index: number): void {
    const bytes = row.bytes(index);
    // A byte may take six in JSON; the rest is for quotes, a comma and the end of the row.
    this.reserve((bytes?.length ?? 4) * 6 + 8);
    if (bytes === null) {
      this.copy(NULL);
      return;
    }
    const size = row.size(index);
    if (size > bytes.length) {
      this.cut.push({ row: this.rowCount, column: index, size });
      this.text(wholeCharacters(bytes));
      return;
    }
    this.value(bytes, row.kind?.(index) ?? this.kinds[index] ?? 'text');
  }

  private value(bytes: Uint8Array, kind: ValueKind): void {
    if (kind === 'boolean') this.copy(bytes[0] === 0x74 ? TRUE : FALSE);
    else if (kind === 'integer' && isSafeInteger(bytes)) this.copy(bytes);
    else if (kind === 'float' && isJsonNumber(bytes)) this.copy(bytes);
    else this.text(bytes);
  }

  private text(bytes: Uint8Array): void {
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

  private copy(bytes: Uint8Array): void {
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  private put(byte: number): void {
    this.buffer[this.at] = byte;
    this.at += 1;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
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

/** Without the part of a character that a cut may have left at the end: a UTF-8 lead byte says how many follow. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) return back < lengthOf(byte) ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function lengthOf(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
