import { JsonWriter } from './json-writer.js';
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

const COMMA = 0x2c;
const NULL = Buffer.from('null');

/**
 * Writes rows as a JSON array of arrays while they come in. The server's text goes from its message into the answer
 * without becoming a JavaScript value: numbers stay exact, and what a number cannot hold becomes a string.
 */
export class JsonRows extends JsonWriter implements ResultSink {
  columnList: readonly Column[] = [];
  rowCount = 0;
  readonly cut: CutCell[] = [];
  private kinds: readonly ValueKind[] = [];

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
