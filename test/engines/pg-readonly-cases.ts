/** Attacks on the read path. Every text of a case is tried on its own; together they must leave everything as it was. */
export interface ReadOnlyCase {
  readonly id: string;
  readonly texts: readonly string[];
  /** What the analysis says: nothing but `read` reaches a read-only run. */
  readonly class: 'dml' | 'ddl' | 'control' | 'admin';
}

export const REFUSED: readonly ReadOnlyCase[] = [
  { id: 'PG-005', class: 'control', texts: ['commit', 'rollback', 'end', 'begin'] },
  { id: 'PG-006', class: 'admin', texts: ['set transaction read write'] },
  {
    id: 'PG-007',
    class: 'admin',
    texts: ['set transaction_read_only = off', 'set default_transaction_read_only = off'],
  },
  {
    id: 'PG-008',
    class: 'admin',
    texts: [
      "select set_config('transaction_read_only', 'off', true)",
      "select 1 where set_config('role', 'none', true) = ''",
    ],
  },
  { id: 'PG-009', class: 'control', texts: ['savepoint s', 'release s'] },
  { id: 'PG-010', class: 'ddl', texts: ['explain analyze create table ctas_leak as select 1'] },
  { id: 'PG-011', class: 'ddl', texts: ['explain analyze create materialized view mv_leak as select 1'] },
  {
    id: 'PG-012',
    class: 'dml',
    texts: [
      'explain analyze delete from canary',
      'explain (analyze true) update canary set n = 0',
      'explain delete from canary',
    ],
  },
  { id: 'PG-013', class: 'dml', texts: ['explain analyze insert into canary values (13)'] },
  {
    id: 'PG-015',
    class: 'dml',
    texts: [
      'with d as (delete from canary returning *) select count(*) from d',
      'select * from (with d as (insert into canary values (15) returning n) select n from d) x',
    ],
  },
  {
    id: 'PG-016',
    class: 'ddl',
    texts: ['select * into t2 from canary', 'select * into temp tt from canary'],
  },
  {
    id: 'PG-017',
    class: 'dml',
    texts: ['select * from canary for update', 'select * from canary for key share skip locked'],
  },
  {
    id: 'PG-020',
    class: 'dml',
    texts: ['select f_secdef()', 'select * from f_secdef()', 'select public.f_secdef()'],
  },
  { id: 'PG-023', class: 'admin', texts: ['prepare p as delete from canary', 'execute p', 'deallocate all'] },
  {
    id: 'PG-024',
    class: 'admin',
    texts: [
      "copy canary to program 'id'",
      "copy canary from program 'id'",
      "copy canary to '/tmp/x'",
      'copy canary to stdout',
      'copy canary from stdin',
    ],
  },
  {
    id: 'PG-025',
    class: 'admin',
    texts: [
      "select pg_read_file('/etc/passwd')",
      "select pg_catalog.pg_read_file('/etc/passwd')",
      'select "pg_ls_dir"(\'.\')',
      "select pg_read_binary_file('/etc/passwd')",
      "select pg_stat_file('/etc/passwd')",
      "select lo_import('/etc/passwd')",
      "select lo_export(777, '/tmp/x')",
      "select lo_from_bytea(0, 'x')",
    ],
  },
  {
    id: 'PG-026',
    class: 'admin',
    texts: [
      "select dblink_exec('host=127.0.0.1', 'delete from canary')",
      'create extension dblink',
      'create extension file_fdw',
    ],
  },
  {
    id: 'PG-028',
    class: 'admin',
    texts: [
      "select database_to_xml(true, false, '')",
      "select schema_to_xml('public', true, false, '')",
      "select table_to_xml('canary', true, false, '')",
      "select query_to_xml('delete from canary', true, false, '')",
      "select ts_stat('select to_tsvector(n::text) from canary')",
    ],
  },
  {
    id: 'PG-030',
    class: 'admin',
    texts: [
      'select pg_advisory_lock(42)',
      'select pg_try_advisory_lock(g) from generate_series(1, 100000) g',
    ],
  },
  { id: 'PG-031', class: 'dml', texts: ['lock table canary in access exclusive mode'] },
  {
    id: 'PG-032',
    class: 'admin',
    texts: ['listen ch', "notify ch, 'x'", "select pg_notify('ch', 'x')", 'unlisten *'],
  },
  {
    id: 'PG-033',
    class: 'admin',
    texts: ['declare c cursor with hold for select * from canary', 'fetch all from c'],
  },
  {
    id: 'PG-035',
    class: 'admin',
    texts: ["select set_config('statement_timeout', '0', false), pg_sleep(60)"],
  },
  {
    id: 'PG-036',
    class: 'admin',
    texts: ['set role postgres', 'set session authorization postgres', 'reset role', 'reset all'],
  },
  {
    id: 'PG-037',
    class: 'admin',
    texts: [
      "alter role current_user password 'x'",
      "alter role current_user set search_path = 'evil'",
      'alter role current_user set statement_timeout = 0',
    ],
  },
  {
    id: 'PG-048',
    class: 'admin',
    texts: [
      'select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user',
      'select pg_cancel_backend(1)',
    ],
  },
  {
    id: 'PG-050',
    class: 'admin',
    texts: [
      "select pg_logical_emit_message(false, 'a', repeat('x', 1000000))",
      'select pg_export_snapshot()',
      'select pg_switch_wal()',
      "select pg_create_logical_replication_slot('s', 'pgoutput')",
    ],
  },
];

/** One statement each that only looks like an attack, and what it answers. */
export const ALLOWED: readonly {
  readonly id: string;
  readonly text: string;
  readonly rows: readonly unknown[][];
}[] = [
  {
    id: 'PG-044',
    text: 'select $a$ ; COMMIT; DELETE FROM canary; $a$',
    rows: [[' ; COMMIT; DELETE FROM canary; ']],
  },
  { id: 'PG-044', text: 'select /* a /* b */ ; DELETE FROM canary; -- */ 1', rows: [[1]] },
  { id: 'PG-044', text: "select U&'\\0027; DELETE FROM canary; --'", rows: [["'; DELETE FROM canary; --"]] },
  { id: 'PG-045', text: 'select 1 a, 2 a', rows: [[1, 2]] },
  {
    id: 'PG-046',
    text: "select 'NaN'::float8, 'Infinity'::float8, 9223372036854775807, '-infinity'::date",
    rows: [['NaN', 'Infinity', '9223372036854775807', '-infinity']],
  },
  { id: 'PG-012', text: 'explain select * from canary', rows: [] },
  { id: 'PG-005', text: 'select count(*) from canary', rows: [[3]] },
];
