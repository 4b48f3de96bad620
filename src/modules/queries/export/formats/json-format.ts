import type { Column, Row, ValueKind } from '../../../../engines/engine.js';
import { JsonWriter } from '../../../../engines/json-writer.js';
import { isJson } from '../../results/json-text.js';
import { distinctNames, wholeCell, type RowFormat } from './row-format.js';

const NULL = Buffer.from('null');
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const START = Buffer.from('[\n');
const BETWEEN = Buffer.from(',\n');
const END = Buffer.from('\n]\n');

/** One object a row: in an array, or one on each line. Columns of the same name are `a` and `a_2`. */
export class JsonFormat extends JsonWriter implements RowFormat {
  readonly name: 'json' | 'ndjson';
  readonly contentType: string;
  readonly extension: string;
  readonly defused = 0;
  private columns: readonly Column[] = [];
  private kinds: readonly ValueKind[] = [];
  private keys: readonly Buffer[] = [];
  private empty = true;

  constructor(private readonly lines: boolean) {
    super(65_536);
    this.contentType = lines ? 'application/x-ndjson; charset=utf-8' : 'application/json; charset=utf-8';
    this.name = lines ? 'ndjson' : 'json';
    this.extension = this.name;
  }

  begin(columns: readonly Column[]): void {
    this.columns = columns;
    this.kinds = columns.map(({ kind }) => kind);
    this.keys = distinctNames(columns).map((name, index) =>
      Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(name)}:`),
    );
    if (!this.lines) this.write(START);
  }

  row(row: Row): void {
    if (!this.empty && !this.lines) this.write(BETWEEN);
    this.empty = false;
    this.reserve(1);
    this.put(OPEN);
    for (let index = 0; index < row.length; index += 1) {
      this.write(this.keys[index] ?? NULL);
      this.cell(row, index);
    }
    this.reserve(2);
    this.put(CLOSE);
    if (this.lines) this.put(LF);
  }

  end(): void {
    if (!this.lines) this.write(END);
  }

  private cell(row: Row, index: number): void {
    const bytes = wholeCell(row, index, this.columns);
    this.reserve((bytes?.length ?? 4) * 6 + 8);
    if (bytes === null) {
      this.copy(NULL);
      return;
    }
    const kind = row.kind?.(index) ?? this.kinds[index] ?? 'text';
    if (kind === 'json' && isJson(Buffer.from(bytes).toString('utf8'))) this.document(bytes);
    else this.value(bytes, kind);
  }

  /** A document goes in as it is, digits and order of keys included; what is between its values stays on the line. */
  private document(bytes: Uint8Array): void {
    for (const byte of bytes) this.put(byte === LF || byte === CR ? SPACE : byte);
  }

  private write(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.copy(bytes);
  }
}
