import { createHash } from 'node:crypto';
import type {
  Catalog,
  CatalogColumn,
  CatalogForeignKey,
  CatalogIndex,
  CatalogTable,
  CatalogTrigger,
} from '../engine.js';

type Cells = readonly (string | null)[];
type Ask = (sql: string) => Promise<Cells[]>;

/** Shadow tables keep what a virtual table stores: they are SQLite's own. */
const TABLES = `
  select name, type from pragma_table_list
   where schema = 'main' and type <> 'shadow' and name not like 'sqlite\\_%' escape '\\' order by 1`;

const columnsOf = (kind: 'table' | 'view', more = ''): string => `
  select m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
    from sqlite_schema m, pragma_table_xinfo(m.name) c where m.type = '${kind}' and c.hidden <> 1${more} order by 1, c.cid`;

const FOREIGN_KEYS = `
  select m.name, k.id, k."table", k."from", k."to"
    from sqlite_schema m, pragma_foreign_key_list(m.name) k where m.type = 'table' order by 1, 2, k.seq`;

const INDEXES = `
  select m.name, i.name, i."unique", i.origin, s.sql,
         (select group_concat('"' || replace(x.name, '"', '""') || '"', ', ') from pragma_index_info(i.name) x)
    from sqlite_schema m, pragma_index_list(m.name) i
    left join sqlite_schema s on s.type = 'index' and s.name = i.name where m.type = 'table' order by 1, 2`;

const TRIGGERS = `select tbl_name, name, sql from sqlite_schema where type = 'trigger' order by 1, 2`;

const ANALYSED = `select 1 from sqlite_schema where name = 'sqlite_stat1'`;
/** The first number of each line is how many rows the table had. */
const ESTIMATES = `select tbl, max(cast(stat as integer)) from sqlite_stat1 group by 1`;

/** What the file holds, in a fixed number of questions, unless a view is broken: then one for each view. */
export async function readCatalog(ask: Ask): Promise<Catalog> {
  const tables = await ask(TABLES);
  const columns = byFirst([...(await ask(columnsOf('table'))), ...(await viewColumns(ask))], columnFrom);
  const foreignKeys = byFirst(await ask(FOREIGN_KEYS), (cells) => cells);
  const indexes = byFirst(await ask(INDEXES), indexFrom);
  const triggers = byFirst(await ask(TRIGGERS), triggerFrom);
  const analysed = (await ask(ANALYSED)).length > 0;
  const estimates = new Map(
    (analysed ? await ask(ESTIMATES) : []).map(([name, rows]) => [name, Number(rows)]),
  );
  const content = tables.map(([name = '', kind]): CatalogTable => {
    const own = name ?? '';
    return {
      name: own,
      kind: kind === 'view' ? 'view' : 'table',
      estimatedRows: estimates.get(own) ?? null,
      columns: columns.get(own) ?? [],
      foreignKeys: foreignKeysOf(foreignKeys.get(own) ?? []),
      indexes: indexes.get(own) ?? [],
      triggers: triggers.get(own) ?? [],
    };
  });
  return { version: versionOf(content), schemas: [{ name: 'main', tables: content, routines: [] }] };
}

/** One view whose table is missing fails the question for all of them. */
async function viewColumns(ask: Ask): Promise<Cells[]> {
  try {
    return await ask(columnsOf('view'));
  } catch {
    const views = await ask(`select name from sqlite_schema where type = 'view'`);
    const found: Cells[] = [];
    for (const [name] of views) {
      const quoted = `'${(name ?? '').replaceAll("'", "''")}'`;
      found.push(...(await ask(columnsOf('view', ` and m.name = ${quoted}`)).catch(() => [])));
    }
    return found;
  }
}

/** The same schema has the same version; estimates move all the time and do not count. */
function versionOf(tables: readonly CatalogTable[]): string {
  const text = JSON.stringify(tables, (key, value: unknown) => (key === 'estimatedRows' ? undefined : value));
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** Rows by their first cell, the rest made into something. */
function byFirst<T>(rows: readonly Cells[], make: (rest: Cells) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [first, ...rest] of rows) {
    const group = groups.get(first ?? '');
    if (group === undefined) groups.set(first ?? '', [make(rest)]);
    else group.push(make(rest));
  }
  return groups;
}

const text = (cell: string | null | undefined): string => cell ?? '';

function columnFrom([name, type, required, standard, key]: Cells): CatalogColumn {
  const primaryKey = key !== '0';
  return {
    name: text(name),
    type: text(type).toLowerCase(),
    nullable: required === '0' && !primaryKey,
    default: standard ?? null,
    primaryKey,
  };
}

/** Keys have no names in SQLite: theirs is made of the table and the columns. */
function foreignKeysOf(parts: readonly Cells[]): CatalogForeignKey[] {
  return [...byFirst(parts, (cells) => cells).values()].map((columns) => {
    const referencedTable = text(columns[0]?.[0]);
    const own = columns.map(([, from]) => text(from));
    return {
      name: `${own.join('_')}_${referencedTable}`,
      columns: own,
      referencedSchema: 'main',
      referencedTable,
      // Without a name, the other side's primary key is meant.
      referencedColumns: columns.flatMap(([, , to]) => to ?? []),
    };
  });
}

function indexFrom([name, unique, origin, sql, columns]: Cells): CatalogIndex {
  const primary = origin === 'pk';
  const made = `${primary ? 'PRIMARY KEY' : 'UNIQUE'} (${text(columns)})`;
  return { name: text(name), unique: unique === '1', primary, definition: sql ?? made };
}

function triggerFrom([name, definition]: Cells): CatalogTrigger {
  return { name: text(name), definition: text(definition) };
}
