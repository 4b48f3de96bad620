import type { EngineKind, Statement } from '../../../engines/engine.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { safeFileName } from '../../../platform/http/file-names.js';
import { CsvFormat } from './formats/csv-format.js';
import { JsonFormat } from './formats/json-format.js';
import type { ExportFormat, RowFormat } from './formats/row-format.js';
import { dialectOf } from './formats/sql-dialects.js';
import { SqlFormat, type TableName } from './formats/sql-format.js';
import { XlsxFormat } from './formats/xlsx-format.js';

export interface FileWishes {
  readonly format: ExportFormat;
  readonly name?: string | undefined;
  readonly table?: string | undefined;
  readonly keepFormulas?: boolean | undefined;
  readonly exportId?: string | undefined;
}

export interface FilePlan {
  readonly format: RowFormat;
  readonly fileName: string;
}

/** What a file of a statement's rows is called and how it is written, unless somebody wishes otherwise. */
export function planFile(
  wishes: FileWishes,
  source: { engine: EngineKind; databaseName: string; statement: Statement | undefined },
): FilePlan {
  const table = tableOf(wishes.table, source.statement);
  const format = formatFor(wishes, source.engine, table);
  const { name = '' } = wishes;
  const label = name.trim() === '' ? `${source.databaseName}-${table.name}` : name;
  return { format, fileName: safeFileName(label, format.extension) };
}

/** The table that was asked for, else the only one that is read, else one that does not exist. */
export function tableOf(asked: string | undefined, statement: Statement | undefined): TableName {
  if (asked !== undefined && asked !== '') {
    const dot = asked.indexOf('.');
    return dot <= 0 ? { name: asked } : { schema: asked.slice(0, dot), name: asked.slice(dot + 1) };
  }
  const [table, ...others] = statement?.tables ?? [];
  return table === undefined || others.length > 0
    ? { name: 'result' }
    : { schema: table.schema, name: table.name };
}

function formatFor(
  { format, keepFormulas = false }: FileWishes,
  engine: EngineKind,
  table: TableName,
): RowFormat {
  switch (format) {
    case 'csv':
      return new CsvFormat({ delimiter: ',', lineEnd: '\r\n', keepFormulas });
    case 'tsv':
      return new CsvFormat({ delimiter: '\t', lineEnd: '\n', keepFormulas });
    case 'json':
      return new JsonFormat(false);
    case 'ndjson':
      return new JsonFormat(true);
    case 'xlsx':
      return new XlsxFormat();
    case 'sql': {
      const dialect = dialectOf(engine);
      if (dialect !== null) return new SqlFormat(dialect, table);
      throw new AppError('invalid', 'format_unknown', 'This engine has no INSERT. JSON has everything.', {
        fields: { format: 'is not for this engine' },
      });
    }
  }
}
