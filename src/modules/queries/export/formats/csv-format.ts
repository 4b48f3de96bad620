import type { Column, Row, ValueKind } from '../../../../engines/engine.js';
import { ByteWriter } from '../../../../engines/json-writer.js';
import { looksLikeFormula } from './formula.js';
import { wholeCell, type RowFormat } from './row-format.js';

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const CR = 0x0d;
const LF = 0x0a;

export interface CsvOptions {
  readonly delimiter: ',' | '\t';
  readonly lineEnd: '\r\n' | '\n';
  /** Leaves cells as they are that a spreadsheet would take for a formula. */
  readonly keepFormulas: boolean;
  /** For the clipboard of a single row. */
  readonly withoutHead?: boolean;
}

/** RFC 4180. NULL is nothing at all, the empty text a pair of quotes. */
export class CsvFormat extends ByteWriter implements RowFormat {
  readonly name: 'csv' | 'tsv';
  readonly contentType: string;
  readonly extension: string;
  defused = 0;
  private columns: readonly Column[] = [];
  private kinds: readonly ValueKind[] = [];
  private readonly delimiter: number;
  private readonly lineEnd: Buffer;

  constructor(private readonly options: CsvOptions) {
    super(65_536);
    const tabs = options.delimiter === '\t';
    this.contentType = tabs ? 'text/tab-separated-values; charset=utf-8' : 'text/csv; charset=utf-8';
    this.name = tabs ? 'tsv' : 'csv';
    this.extension = this.name;
    this.delimiter = options.delimiter.charCodeAt(0);
    this.lineEnd = Buffer.from(options.lineEnd);
  }

  begin(columns: readonly Column[]): void {
    this.columns = columns;
    this.kinds = columns.map(({ kind }) => kind);
    if (this.options.withoutHead === true) return;
    columns.forEach(({ name }, index) => {
      if (index > 0) this.separate();
      this.cell(Buffer.from(name), 'text');
    });
    this.endLine();
  }

  row(row: Row): void {
    for (let index = 0; index < row.length; index += 1) {
      if (index > 0) this.separate();
      const bytes = wholeCell(row, index, this.columns);
      if (bytes !== null) this.cell(bytes, row.kind?.(index) ?? this.kinds[index] ?? 'text');
    }
    this.endLine();
  }

  end(): void {
    // A table has no end of its own: that it is whole is said by the connection.
  }

  private cell(bytes: Uint8Array, kind: ValueKind): void {
    // Twice for quotes, which may all be doubled, and for the pair around them.
    this.reserve(bytes.length * 2 + 4);
    const formula = !this.options.keepFormulas && looksLikeFormula(bytes, kind);
    if (formula) this.defused += 1;
    if (!formula && this.isPlain(bytes)) this.copy(bytes);
    else this.quoted(bytes, formula);
  }

  private isPlain(bytes: Uint8Array): boolean {
    const { delimiter } = this;
    for (const byte of bytes) {
      if (byte === QUOTE || byte === delimiter || byte === LF || byte === CR) return false;
    }
    return bytes.length > 0;
  }

  private quoted(bytes: Uint8Array, formula: boolean): void {
    this.put(QUOTE);
    if (formula) this.put(APOSTROPHE);
    for (const byte of bytes) {
      if (byte === QUOTE) this.put(QUOTE);
      this.put(byte);
    }
    this.put(QUOTE);
  }

  private separate(): void {
    this.reserve(1);
    this.put(this.delimiter);
  }

  private endLine(): void {
    this.reserve(2);
    this.copy(this.lineEnd);
  }
}
