import { analyse } from './analyse.js';

const classes = (text: string): string[] => analyse(text).statements.map((statement) => statement.class);

describe('splitting', () => {
  it('ends a statement at a semicolon that is none of a string, a name or a comment', () => {
    const text = `select ';', "a;b", [c;d], \`e;f\` -- ;\n from t /* ; */ ;; select 2`;
    expect(
      analyse(text).statements.map(({ text: own, start, end }) => [own, text.slice(start, end)]),
    ).toEqual([
      [`select ';', "a;b", [c;d], \`e;f\` -- ;\n from t`, `select ';', "a;b", [c;d], \`e;f\` -- ;\n from t`],
      ['select 2', 'select 2'],
    ]);
  });

  it('does not take a backslash for anything', () => {
    const hidden = String.raw`select 'a\'; commit; delete from t; --'`;
    expect(classes(hidden)).toEqual(['read', 'control', 'dml']);
  });

  it('keeps a trigger with its statements together', () => {
    const trigger = `create temp trigger t after insert on a begin update b set n = case when 1 then 2 end; delete from c; end`;
    const texts = analyse(`${trigger}; select 1`).statements.map(({ text }) => text);
    expect(texts).toEqual([trigger, 'select 1']);
  });

  it.each([
    ["select 'a", 7],
    ['select "a', 7],
    ['select [a', 7],
    ['select 1 /* x', 9],
    ['select (1', 7],
    ['select 1)', 8],
    ['select 1a', 7],
    ['select !1', 7],
    ['select :name', 7],
    ['select ?1', 7],
    ["select x'abc'", 7],
    ['select {1}', 7],
    ['select \\1', 7],
    ['select 1\0; drop table t', 8],
    [`select ${'('.repeat(300)}1${')'.repeat(300)}`, 207],
  ])('stops at what is not plain: %j', (text, position) => {
    expect(analyse(text)).toMatchObject({ statements: [], error: { position } });
  });

  it('refuses a text that is too long', () => {
    expect(analyse(`select '${'x'.repeat(600_000)}'`).error?.code).toBe('too_long');
  });
});

describe('classes', () => {
  it.each([
    ['select 1', 'read', 'select'],
    ['values (1), (2)', 'read', 'values'],
    ['with a as (select 1), replaced as (select 2) select * from a', 'read', 'select'],
    [
      'with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r',
      'read',
      'select',
    ],
    ["select replace(a, 'b', 'c') from t", 'read', 'select'],
    ['explain query plan select 1', 'read', 'explain'],
    ['explain select 1', 'read', 'explain'],
    ['pragma table_info(t)', 'read', 'pragma table_info'],
    ["pragma main.table_xinfo = 't'", 'read', 'pragma table_xinfo'],
    ['pragma user_version', 'read', 'pragma user_version'],
    ["select * from pragma_index_list('t')", 'read', 'select'],
    ['select csv, eval from t', 'read', 'select'],
    ['insert into t values (1)', 'dml', 'insert'],
    ['replace into t values (1)', 'dml', 'replace'],
    ['with d as (select 1) delete from t where n in d', 'dml', 'delete'],
    ['update or ignore t set a = 1', 'dml', 'update'],
    ['create table t (a)', 'ddl', 'create table'],
    ['create unique index i on t (a)', 'ddl', 'create index'],
    ['create virtual table f using fts5(x)', 'ddl', 'create virtual'],
    ['alter table t add b', 'ddl', 'alter table'],
    ['drop view if exists v', 'ddl', 'drop view'],
    ['vacuum', 'ddl', 'vacuum'],
    ['pragma user_version = 4', 'ddl', 'pragma user_version'],
    ['explain delete from t', 'dml', 'explain'],
    ['begin immediate', 'control', 'begin'],
    ['release s', 'control', 'release'],
    ['pragma foreign_keys = off', 'control', 'pragma foreign_keys'],
  ])('%s is %s', (text, expected, verb) => {
    expect(analyse(text).statements).toMatchObject([{ class: expected, verb }]);
  });

  it.each([
    "attach '/tmp/other.db' as o",
    'detach o',
    "vacuum into '/tmp/x.db'",
    "vacuum main into '/tmp/x.db'",
    'pragma writable_schema = on',
    'pragma writable_schema',
    'pragma query_only = 0',
    "pragma temp_store_directory = '/srv'",
    'pragma journal_mode = off',
    'pragma trusted_schema = on',
    'pragma database_list',
    'pragma main.mmap_size(100)',
    'pragma',
    'select * from pragma_database_list',
    'select * from "PRAGMA_database_list"',
    "select load_extension('/tmp/x.so')",
    `select "load_extension"('/tmp/x.so')`,
    'select [LOAD_EXTENSION]/**/(1)',
    "select fts3_tokenizer('simple', x'00')",
    "select writefile('/tmp/w', 'x')",
    "select readfile('/etc/passwd')",
    "select edit('x')",
    'insert into sqlite_dbpage values (1, 2)',
    'select * from main.sqlite_dbpage',
    "create virtual table v using csv(filename = '/etc/passwd')",
    "create virtual table v using 'csv'(x)",
    'create view v as select load_extension(1)',
    'create trigger t after insert on a begin select load_extension(1); end',
    'explain commit',
    'explain attach x as y',
    'with a as (select 1) drop table t',
    'create database d',
    'constructor',
    'pragma constructor = 1',
    'grant all on t to x',
    '"select" 1',
    '(select 1)',
  ])('%s is refused', (text) => {
    const { statements, error } = analyse(text);
    expect(error).toBeNull();
    expect(statements).toMatchObject([{ class: 'admin', reason: expect.any(String) as string }]);
  });
});

describe('facts', () => {
  const tables = (text: string): string[] =>
    analyse(text).statements.flatMap((statement) =>
      statement.tables.map(
        ({ schema, name, use }) => `${use} ${schema === undefined ? '' : `${schema}.`}${name}`,
      ),
    );

  it.each([
    ['select * from a, main.b join "c d" on b.x = c.x, e', ['read a', 'read main.b', 'read c d', 'read e']],
    [
      'select (select max(x) from a) from b where c in (select d from e) order by f, g',
      ['read a', 'read b', 'read e'],
    ],
    ['with a as (select * from t), b(n) as materialized (select 1) select * from a, b', ['read t']],
    ["select * from json_each('[]'), t where n in u", ['read t', 'read u']],
    ['select 1 where a is not distinct from b', []],
    ['insert into t (a) select a from u on conflict do update set a = 1', ['write t', 'read u']],
    ['update or ignore t set a = u.a from u', ['write t', 'read u']],
    ['delete from t where a in (select a from u)', ['write t', 'read u']],
    ['create table if not exists t (a references u (a) on update cascade)', ['write t']],
    ['create index i on t (a)', ['write t']],
    ['drop table if exists main.t', ['write main.t']],
  ])('the tables of %s', (text, expected) => {
    expect(tables(text)).toEqual(expected);
  });

  it.each([
    ['select 1', null, []],
    ['select * from t', false, ['select_star']],
    ['select a from t where b in (select * from u)', true, []],
    ['delete from t', false, ['delete_without_where']],
    ['update t set a = (select b from u where c)', false, ['update_without_where']],
    ['with x as (select 1 where 1) delete from t where a', true, []],
    ['drop table t', null, ['drop']],
  ])('what is worth telling of %s', (text, where, codes) => {
    const [statement] = analyse(text).statements;
    expect(statement?.hasWhere).toBe(where);
    expect(statement?.findings.map(({ code }) => code)).toEqual(codes);
  });

  it('only VACUUM cannot be in a transaction', () => {
    const texts = analyse('vacuum; create table t (a)').statements;
    expect(texts.map(({ transactional }) => transactional)).toEqual([false, true]);
  });
});
