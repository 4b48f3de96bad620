import { analyse, loadGrammar } from './analyse.js';

beforeAll(loadGrammar);

const only = (text: string) => {
  const { statements, error } = analyse(text);
  expect(error).toBeNull();
  expect(statements).toHaveLength(1);
  const [statement] = statements;
  if (statement === undefined) throw new Error('no statement');
  return statement;
};

describe('classes', () => {
  it.each([
    'select 1',
    'select lower(name), count(*) from customers group by 1',
    'with c as (select 1) select * from c',
    'values (1), (2)',
    'show timezone',
    'explain select 1',
    'explain (analyze) select 1',
    'select pg_catalog.upper($$x$$)',
    'select pg_sleep(20)',
    'select * from generate_series(1, 10)',
    'table orders',
  ])('%s is a read', (text) => {
    expect(only(text).class).toBe('read');
  });

  it.each([
    'insert into t values (1)',
    'update t set a = 1 where b = 2',
    'delete from t',
    'merge into t using s on true when matched then delete',
    'truncate t',
    'with x as (delete from t returning *) select * from x',
    'select * from t for update',
    'select my_function()',
    'select public.lower(name) from t',
    "select nextval('s')",
    'select 1 operator(public.+) 2',
    'explain analyze update t set a = 1',
    'explain delete from orders',
    'call p()',
    'select * from (with x as (insert into t values (1) returning *) select * from x) y',
  ])('%s is dml', (text) => {
    expect(only(text).class).toBe('dml');
  });

  it.each([
    'create table t (a int)',
    'create table t as select 1',
    'select * into t from s',
    'select 1 into t union select 2',
    'alter table t add column b int',
    'drop table t cascade',
    'create index concurrently i on t (a)',
    'vacuum t',
    'do $$ begin delete from t; end $$',
    "create function f() returns int language sql as 'select 1'",
    'explain analyze create table t as select 1',
    'comment on table t is $$x$$',
  ])('%s is ddl', (text) => {
    expect(only(text).class).toBe('ddl');
  });

  it.each([
    'begin',
    'commit',
    'rollback to savepoint a',
    'set search_path = a, b',
    "set time zone 'UTC'",
    'reset search_path',
  ])('%s is control', (text) => {
    expect(only(text).class).toBe('control');
  });

  it.each([
    'create role r',
    'alter system set work_mem = 1',
    'grant select on t to public',
    'copy t to program $$id$$',
    'copy t from stdin',
    'set role postgres',
    'set statement_timeout = 0',
    'set transaction read write',
    'reset all',
    'prepare p as select 1',
    'listen x',
    'load $$x$$',
    "select lo_import('/etc/passwd')",
    "select pg_catalog.pg_read_file('x')",
    'select "pg_read_file"(\'x\')',
    "select * from dblink('x', 'y') as t (a int)",
    "select query_to_xml('delete from t', true, true, '')",
    "select set_config('transaction_read_only', 'off', false)",
    'select pg_terminate_backend(1)',
    'select pg_advisory_lock(1)',
    "select ts_rewrite('a', 'select b, c from d')",
    'update t set a = pg_notify($$a$$, $$b$$)',
    'explain select pg_read_file($$x$$)',
    'alter table t owner to x',
    'alter database d connection limit -1',
    'create extension dblink',
    'drop extension plpgsql',
    "create function f() returns int language c as 'x'",
    "prepare transaction 'x'",
    'security label on table t is null',
  ])('%s is refused', (text) => {
    expect(only(text).class).toBe('admin');
    expect(only(text).reason).toBeTruthy();
  });
});

describe('splitting', () => {
  it('gives each statement its exact place in UTF-16', () => {
    const text = "/* 🐘 */ select 'é;😀' as a; -- note\n\n  update t set a = $q$;$q$ ;";
    const { statements } = analyse(text);
    expect(statements.map(({ start, end }) => text.slice(start, end))).toEqual([
      "select 'é;😀' as a",
      'update t set a = $q$;$q$',
    ]);
    expect(statements.map((statement) => statement.text)).toEqual([
      "select 'é;😀' as a",
      'update t set a = $q$;$q$',
    ]);
  });

  it('finds nothing in white space and comments', () => {
    expect(analyse(' -- nothing\n').statements).toEqual([]);
    expect(analyse('').error).toBeNull();
  });

  it('names tables and what is done to them, without the names that WITH gives', () => {
    const { tables } = only('with c as (select * from a.b) insert into t select * from c join d using (x)');
    expect(tables).toEqual(
      expect.arrayContaining([
        { schema: 'a', name: 'b', use: 'read' },
        { name: 't', use: 'write' },
        { name: 'd', use: 'read' },
      ]),
    );
    expect(tables).toHaveLength(3);
  });

  it('knows what runs only outside of a transaction', () => {
    expect(only('vacuum t').transactional).toBe(false);
    expect(only('create index concurrently i on t (a)').transactional).toBe(false);
    expect(only('create index i on t (a)').transactional).toBe(true);
  });
});

describe('what cannot be read', () => {
  it('is an error at its place', () => {
    expect(analyse("select '😀', from t").error).toMatchObject({ code: '42601', position: 13 });
  });

  it('is an error when it nests too deeply, and the grammar goes on working', () => {
    const deep = `select ${'('.repeat(100_000)}1${')'.repeat(100_000)}`;
    expect(analyse(deep).error).not.toBeNull();
    expect(analyse(`select ${'1+'.repeat(50_000)}1`).error).not.toBeNull();
    expect(only('select 2').class).toBe('read');
  });

  it('is an error when it is too long or contains NUL', () => {
    expect(analyse(`select '${'x'.repeat(600_000)}'`).error?.code).toBe('too_long');
    expect(analyse("select '\0'").error?.code).toBe('22021');
  });
});

describe('findings', () => {
  it.each([
    ['update t set a = 1', 'update_without_where'],
    ['delete from t', 'delete_without_where'],
    ['truncate t', 'truncate'],
    ['drop table t', 'drop'],
    ['select * from t', 'select_star'],
  ])('%s has %s', (text, code) => {
    expect(only(text).findings.map((found) => found.code)).toContain(code);
  });

  it('an UPDATE with WHERE has none', () => {
    expect(only('update t set a = 1 where b = 2').findings).toEqual([]);
  });
});
