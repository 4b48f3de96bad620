import { byFirst, text, versionOf, type Cells } from '../catalog-rows.js';
import type {
  Catalog,
  CatalogColumn,
  CatalogForeignKey,
  CatalogIndex,
  CatalogRoutine,
  CatalogTable,
  CatalogTrigger,
} from '../engine.js';

type Ask = (sql: string) => Promise<(string | null)[][]>;

const TABLES = `
  select table_name, table_type, table_rows from information_schema.tables
   where table_schema = database() and table_type in ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED') order by 1`;

const COLUMNS = `
  select table_name, column_name, column_type, is_nullable, column_default, column_key, extra
    from information_schema.columns where table_schema = database() order by table_name, ordinal_position`;

const FOREIGN_KEYS = `
  select table_name, constraint_name, column_name, referenced_table_schema, referenced_table_name,
         referenced_column_name
    from information_schema.key_column_usage
   where table_schema = database() and referenced_table_name is not null
   order by table_name, constraint_name, ordinal_position`;

const INDEXES = `
  select table_name, index_name, non_unique, index_type, column_name, sub_part
    from information_schema.statistics where table_schema = database()
   order by table_name, index_name, seq_in_index`;

const TRIGGERS = `
  select event_object_table, trigger_name, action_timing, event_manipulation, action_statement
    from information_schema.triggers where trigger_schema = database() order by 1, 2`;

const ROUTINES = `
  select specific_name, routine_name, routine_type, dtd_identifier from information_schema.routines
   where routine_schema = database() order by 2, 3`;

const PARAMETERS = `
  select specific_name, parameter_mode, parameter_name, dtd_identifier from information_schema.parameters
   where specific_schema = database() and ordinal_position > 0 order by specific_name, ordinal_position`;

/** What the database holds, in seven questions whatever its size. A database is its own only schema. */
export async function readCatalog(ask: Ask, database: string): Promise<Catalog> {
  const tables = await ask(TABLES);
  const columns = byFirst(await ask(COLUMNS), columnFrom);
  const foreignKeys = byFirst(await ask(FOREIGN_KEYS), (cells) => cells);
  const indexes = byFirst(await ask(INDEXES), (cells) => cells);
  const triggers = byFirst(await ask(TRIGGERS), triggerFrom);
  const routines = await ask(ROUTINES);
  const parameters = byFirst(await ask(PARAMETERS), parameterFrom);
  const schema = {
    name: database,
    tables: tables.map(([name = null, type, rows]): CatalogTable => {
      const key = text(name);
      return {
        name: key,
        kind: type === 'VIEW' ? 'view' : 'table',
        estimatedRows: text(rows) === '' ? null : Number(rows),
        columns: columns.get(key) ?? [],
        foreignKeys: foreignKeysFrom(foreignKeys.get(key) ?? []),
        indexes: indexesFrom(key, indexes.get(key) ?? []),
        triggers: triggers.get(key) ?? [],
      };
    }),
    routines: routines.map((cells) => routineFrom(cells, parameters)),
  };
  return { version: versionOf([schema]), schemas: [schema] };
}

function columnFrom([name, type, nullable, standard, key, extra]: Cells): CatalogColumn {
  const generated = text(extra)
    .replace(/default_generated/i, '')
    .trim();
  return {
    name: text(name),
    type: generated === '' ? text(type) : `${text(type)} ${generated.toLowerCase()}`,
    nullable: nullable === 'YES',
    // MariaDB spells out the default of columns that have none.
    default: standard === 'NULL' ? null : (standard ?? null),
    primaryKey: key === 'PRI',
  };
}

function foreignKeysFrom(rows: readonly Cells[]): CatalogForeignKey[] {
  return [...byFirst(rows, (cells) => cells)].map(([name, parts]) => ({
    name,
    columns: parts.map(([column]) => text(column)),
    referencedSchema: text(parts[0]?.[1]),
    referencedTable: text(parts[0]?.[2]),
    referencedColumns: parts.map(([, , , column]) => text(column)),
  }));
}

function indexesFrom(table: string, rows: readonly Cells[]): CatalogIndex[] {
  return [...byFirst(rows, (cells) => cells)].map(([name, parts]) => {
    const [nonUnique, type] = parts[0] ?? [];
    const unique = nonUnique === '0';
    const columns = parts.map(([, , column, length]) => indexPart(column ?? null, length ?? null));
    return {
      name,
      unique,
      primary: name === 'PRIMARY',
      definition: `${indexWords(name, unique, text(type))} ON ${quoted(table)} (${columns.join(', ')})`,
    };
  });
}

/** An index on an expression names no column. */
function indexPart(column: string | null, length: string | null): string {
  if (column === null) return '(…)';
  return length === null ? quoted(column) : `${quoted(column)}(${length})`;
}

function indexWords(name: string, unique: boolean, type: string): string {
  if (name === 'PRIMARY') return 'PRIMARY KEY';
  const special = ['FULLTEXT', 'SPATIAL', 'VECTOR'].find((kind) => type === kind);
  return `${special ?? (unique ? 'UNIQUE' : '')} INDEX ${quoted(name)}`.trim();
}

function triggerFrom([name, timing, event, statement]: Cells): CatalogTrigger {
  return { name: text(name), definition: `${text(timing)} ${text(event)} FOR EACH ROW ${text(statement)}` };
}

function parameterFrom([mode, name, type]: Cells): string {
  return [mode === 'IN' ? '' : text(mode), text(name), text(type)].filter((part) => part !== '').join(' ');
}

function routineFrom(
  [specific, name, kind, returns]: Cells,
  parameters: ReadonlyMap<string, string[]>,
): CatalogRoutine {
  return {
    name: text(name),
    kind: kind === 'PROCEDURE' ? 'procedure' : 'function',
    arguments: (parameters.get(text(specific)) ?? []).join(', '),
    returns: text(returns) === '' ? null : text(returns),
  };
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
