import type {
  Catalog,
  CatalogColumn,
  CatalogForeignKey,
  CatalogIndex,
  CatalogRoutine,
  CatalogTable,
  CatalogTrigger,
} from '../engine.js';
import { byFirst, text, versionOf, type Cells } from '../catalog-rows.js';

type Ask = (sql: string) => Promise<(string | null)[][]>;

const OURS = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

const SCHEMAS = `select n.nspname from pg_catalog.pg_namespace n where ${OURS} order by 1`;

const TABLES = `
  select c.oid, n.nspname, c.relname, c.relkind,
         case when c.reltuples < 0 then null else c.reltuples::bigint end
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where ${OURS} and c.relkind in ('r', 'v', 'm', 'f', 'p') order by 2, 3`;

const COLUMNS = `
  select a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
         pg_catalog.pg_get_expr(d.adbin, d.adrelid),
         coalesce((select true from pg_catalog.pg_index i
                    where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any(i.indkey)), false)
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where ${OURS} and c.relkind in ('r', 'v', 'm', 'f', 'p') and a.attnum > 0 and not a.attisdropped
   order by a.attrelid, a.attnum`;

const columnNames = (table: string, keys: string): string => `
  (select pg_catalog.json_agg(a.attname order by u.place) from unnest(${keys}) with ordinality as u (number, place)
     join pg_catalog.pg_attribute a on a.attrelid = ${table} and a.attnum = u.number)`;

const FOREIGN_KEYS = `
  select k.conrelid, k.conname, ${columnNames('k.conrelid', 'k.conkey')}, rn.nspname, r.relname,
         ${columnNames('k.confrelid', 'k.confkey')}
    from pg_catalog.pg_constraint k join pg_catalog.pg_namespace n on n.oid = k.connamespace
    join pg_catalog.pg_class r on r.oid = k.confrelid join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
   where ${OURS} and k.contype = 'f' order by 1, 2`;

const INDEXES = `
  select i.indrelid, x.relname, i.indisunique, i.indisprimary, pg_catalog.pg_get_indexdef(i.indexrelid)
    from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
    join pg_catalog.pg_namespace n on n.oid = x.relnamespace
   where ${OURS} order by 1, 2`;

const TRIGGERS = `
  select t.tgrelid, t.tgname, pg_catalog.pg_get_triggerdef(t.oid)
    from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where ${OURS} and not t.tgisinternal order by 1, 2`;

const ROUTINES = `
  select n.nspname, p.proname, p.prokind, pg_catalog.pg_get_function_arguments(p.oid),
         pg_catalog.pg_get_function_result(p.oid)
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
   where ${OURS} order by 1, 2, 4`;

const TABLE_KINDS: Readonly<Record<string, CatalogTable['kind']>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  p: 'partitioned table',
};
const ROUTINE_KINDS: Readonly<Record<string, CatalogRoutine['kind']>> = {
  f: 'function',
  p: 'procedure',
  a: 'aggregate',
  w: 'window',
};

/** What the database holds, in seven questions whatever its size. */
export async function readCatalog(ask: Ask): Promise<Catalog> {
  const schemas = await ask(SCHEMAS);
  const tables = await ask(TABLES);
  const columns = byFirst(await ask(COLUMNS), columnFrom);
  const foreignKeys = byFirst(await ask(FOREIGN_KEYS), foreignKeyFrom);
  const indexes = byFirst(await ask(INDEXES), indexFrom);
  const triggers = byFirst(await ask(TRIGGERS), triggerFrom);
  const routines = byFirst(await ask(ROUTINES), routineFrom);
  const tablesBySchema = byFirst(
    tables.map(([oid = null, schema = null, ...rest]) => [schema, oid, ...rest]),
    ([oid, name, kind, rows]): CatalogTable => ({
      name: text(name),
      kind: TABLE_KINDS[text(kind)] ?? 'table',
      estimatedRows: text(rows) === '' ? null : Number(rows),
      columns: columns.get(text(oid)) ?? [],
      foreignKeys: foreignKeys.get(text(oid)) ?? [],
      indexes: indexes.get(text(oid)) ?? [],
      triggers: triggers.get(text(oid)) ?? [],
    }),
  );
  const content = schemas.map(([name]) => ({
    name: text(name),
    tables: tablesBySchema.get(text(name)) ?? [],
    routines: routines.get(text(name)) ?? [],
  }));
  return { version: versionOf(content), schemas: content };
}

const yes = (cell: string | null | undefined): boolean => cell === 't';
const names = (cell: string | null | undefined): string[] => JSON.parse(cell ?? '[]') as string[];

function columnFrom([name, type, required, standard, primary]: Cells): CatalogColumn {
  return {
    name: text(name),
    type: text(type),
    nullable: !yes(required),
    default: standard ?? null,
    primaryKey: yes(primary),
  };
}

function foreignKeyFrom([name, columns, schema, table, referenced]: Cells): CatalogForeignKey {
  return {
    name: text(name),
    columns: names(columns),
    referencedSchema: text(schema),
    referencedTable: text(table),
    referencedColumns: names(referenced),
  };
}

function indexFrom([name, unique, primary, definition]: Cells): CatalogIndex {
  return { name: text(name), unique: yes(unique), primary: yes(primary), definition: text(definition) };
}

function triggerFrom([name, definition]: Cells): CatalogTrigger {
  return { name: text(name), definition: text(definition) };
}

function routineFrom([name, kind, list, returns]: Cells): CatalogRoutine {
  return {
    name: text(name),
    kind: ROUTINE_KINDS[text(kind)] ?? 'function',
    arguments: text(list),
    returns: returns ?? null,
  };
}
