import type { EngineKind } from './engine.js';

/** Words that PostgreSQL, MySQL or SQLite do not take as names of tables and columns without quotes. */
const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between binary both by case cast change check
   collate column concurrently condition constraint convert create cross current_catalog current_date current_role
   current_schema current_time current_timestamp current_user cursor database databases default deferrable delayed
   delete desc describe distinct div do drop else end except exists explain false fetch for force foreign freeze from
   full fulltext function generated grant group groups having high_priority if ignore ilike in index initially inner
   insert intersect interval into is isnull join key keys kill lateral leading left like limit lines load localtime
   localtimestamp lock match maxvalue mod natural not notnull null offset on only option or order outer over overlaps
   partition placing primary procedure range rank read references regexp release rename repeat replace require restrict
   returning revoke right rlike row rows schema schemas select separator session_user set show signal similar some sql
   starting symmetric system table tablesample terminated then to trailing trigger true undo union unique unlock unsigned
   update usage use user using values variadic verbose when where while window with write xor year_month zerofill`.split(
    /\s+/,
  ),
);

const PLAIN: Readonly<Record<EngineKind, RegExp>> = {
  // Elsewhere than in PostgreSQL an unquoted name keeps its case.
  postgres: /^[a-z_][a-z0-9_]*$/,
  mysql: /^[A-Za-z_][A-Za-z0-9_]*$/,
  sqlite: /^[A-Za-z_][A-Za-z0-9_]*$/,
  mongodb: /^/,
};

/** A name as it has to be written in a statement: quoted only where the server would not find it otherwise. */
export function quoteName(kind: EngineKind, name: string): string {
  if (PLAIN[kind].test(name) && (kind === 'mongodb' || !RESERVED.has(name.toLowerCase()))) return name;
  return kind === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`;
}

/** The schema that a statement finds things in without naming it; null where the only one there is needs no name. */
const HOME: Readonly<Record<EngineKind, string | null>> = {
  postgres: 'public',
  mysql: null,
  sqlite: 'main',
  mongodb: null,
};

/** A table or routine of a schema, as a statement has to name it. */
export function quotePath(kind: EngineKind, schema: string, name: string): string {
  const home = HOME[kind];
  const own = quoteName(kind, name);
  return home === null || home === schema ? own : `${quoteName(kind, schema)}.${own}`;
}
