import type { Column, Row } from '../../../../engines/engine.js';
import { ByteWriter } from '../../../../engines/json-writer.js';
import { distinctNames, wholeCell, type RowFormat } from './row-format.js';
import { literal, type SqlDialect } from './sql-dialects.js';

const ROWS_A_STATEMENT = 100;

export interface TableName {
  readonly schema?: string | undefined;
  readonly name: string;
}

/** INSERT statements in one transaction. */
export class SqlFormat extends ByteWriter implements RowFormat {
  readonly name = 'sql';
  readonly contentType = 'application/sql; charset=utf-8';
  readonly extension = 'sql';
  readonly defused = 0;
  private columns: readonly Column[] = [];
  private head = '';
  private rows = 0;

  constructor(
    private readonly dialect: SqlDialect,
    private readonly table: TableName,
    /** Without the transaction around: for a clipboard. */
    private readonly bare = false,
  ) {
    super(65_536);
  }

  begin(columns: readonly Column[]): void {
    const { dialect, table } = this;
    this.columns = columns;
    const names = distinctNames(columns).map((name) => dialect.name(name));
    const target = [table.schema, table.name].flatMap((part) =>
      part === undefined ? [] : [dialect.name(part)],
    );
    this.head = `INSERT INTO ${target.join('.')} (${names.join(', ')}) VALUES\n`;
    if (!this.bare) this.write(dialect.opening);
  }

  row(row: Row): void {
    const values: string[] = [];
    for (let index = 0; index < row.length; index += 1) values.push(this.value(row, index));
    const first = this.rows % ROWS_A_STATEMENT === 0;
    const before = first ? `${this.rows === 0 ? '' : ';\n'}${this.head}` : ',\n';
    this.write(`${before}(${values.join(', ')})`);
    this.rows += 1;
  }

  end(): void {
    if (this.rows > 0) this.write(';\n');
    if (!this.bare) this.write(this.dialect.closing);
  }

  private value(row: Row, index: number): string {
    const bytes = wholeCell(row, index, this.columns);
    if (bytes === null) return 'NULL';
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    return literal(this.dialect, text, row.kind?.(index) ?? this.columns[index]?.kind ?? 'text');
  }

  private write(text: string): void {
    // A UTF-16 unit has at most three bytes in UTF-8.
    this.reserve(text.length * 3);
    this.at += this.buffer.write(text, this.at, 'utf8');
  }
}
