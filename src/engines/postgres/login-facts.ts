import type { LoginFacts } from '../engine.js';

type Ask = (sql: string) => Promise<(string | null)[][]>;

const VERSION = `select pg_catalog.current_setting('server_version')`;

const OURS = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

/** Each answers a row for a right by which the login could change something, with an example of what. */
const RIGHTS: readonly (readonly [string, string])[] = [
  [
    'It is a superuser',
    `select null from pg_catalog.pg_roles r where r.rolname = current_user and r.rolsuper`,
  ],
  [
    'It may make roles or databases',
    `select null from pg_catalog.pg_roles r where r.rolname = current_user and (r.rolcreaterole or r.rolcreatedb)`,
  ],
  [
    'It belongs to a role that writes',
    `select r.rolname from pg_catalog.pg_roles r
      where r.rolname in ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program')
        and pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER')`,
  ],
  [
    'It may change rows',
    `select n.nspname || '.' || c.relname
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and c.relkind in ('r', 'p', 'v', 'f') and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        and (pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
          or pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
      order by 1 limit 1`,
  ],
  [
    'It may move sequences',
    `select n.nspname || '.' || c.relname
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        -- asked of anything else it is an error, and conditions have no order of their own
        and case c.relkind when 'S' then pg_catalog.has_sequence_privilege(c.oid, 'UPDATE') else false end
      order by 1 limit 1`,
  ],
  [
    'It may make objects in a schema',
    `select n.nspname from pg_catalog.pg_namespace n
      where ${OURS} and pg_catalog.has_schema_privilege(n.oid, 'CREATE') order by 1 limit 1`,
  ],
  [
    'It may make schemas',
    `select null where pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')`,
  ],
];

/** Read with the login itself, in a fixed number of questions. */
export async function readLoginFacts(ask: Ask): Promise<LoginFacts> {
  const [[serverVersion = null] = []] = await ask(VERSION);
  const writes: string[] = [];
  for (const [words, question] of RIGHTS) {
    const [found] = await ask(question);
    const example = found?.[0] ?? null;
    if (found !== undefined) writes.push(example === null ? words : `${words}, such as ${example}`);
  }
  return { serverVersion: serverVersion ?? '', writes };
}
