import { analyse } from './analyse.js';

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
    'SELECT lower(name), count(*) FROM customers GROUP BY 1',
    'with c as (select 1) select * from c',
    'with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select n from c',
    '(select 1) union (select 2)',
    'values (1), (2)',
    'show tables',
    'show create procedure p',
    "show columns from orders like 'a%'",
    'describe orders',
    'desc orders customer_id',
    'explain select 1',
    'explain format=json select * from (select 1 as a) x',
    'analyze format=json select 1',
    'explain orders',
    'select sleep(20)',
    'select @@sql_mode, @x',
    'select cast(a as decimal(10, 2)), convert(b, char(5)) from t use index (i) where c in (1, 2)',
    'select row_number() over (partition by a order by b) from t',
    'select extract(year from d), trim(both from e) from t',
    "select 'a\\'; COMMIT; DELETE FROM t; --'",
    'select "a\'b", `c``d` from t',
    'select /* a ; b */ 1 -- ; delete from t',
    'select 1 # ; delete from t',
    'select 1--1',
    'select /*+ max_execution_time(0) */ 1',
    "select json_extract(a, '$.b'), if(a, 1, 2), left(b, 3), replace(b, 'x', 'y') from t",
    'select * from t for system_time as of timestamp now()',
    "select j.a from json_table('[1]', '$[*]' columns (a int path '$')) as j",
    'table orders',
  ])('%s is a read', (text) => {
    expect(only(text)).toMatchObject({ class: 'read', reason: null });
  });

  it.each([
    'insert into t values (1)',
    'replace into t values (1)',
    'update t set a = 1 where b = 2',
    'delete from t',
    'delete from t returning id',
    'truncate table t',
    'with x as (select 1) delete from t',
    'select * from t for update',
    'select * from t for share skip locked',
    'select * from t lock in share mode',
    'select my_function()',
    'select shop.lower(name) from t',
    'select `lower`(name) from t',
    'select count (*) from t',
    "select nextval(s), 'x'",
    'select next value for s',
    'explain update t set a = 1',
    'explain select * from (select f_write()) x',
    'analyze format=json update t set a = 1',
    'call p()',
    'do sleep(1)',
    'select * from t procedure analyse()',
  ])('%s is dml', (text) => {
    expect(only(text).class).toBe('dml');
  });

  it.each([
    'create table t (a int)',
    'create table t (engine varchar(20), connection int) engine=InnoDB',
    'create table t as select 1',
    'create temporary table t (a int)',
    'create or replace view v as select engine from t',
    'create definer=current_user procedure p() select 1',
    'alter table t add column b int',
    'drop table t, u',
    'rename table a to b',
    'create unique index i on t (a)',
    'drop index i on t',
    'optimize table t',
    'analyze table t',
    'create trigger x before insert on t for each row begin set new.a = 1; set new.b = 2; end',
    'create sequence s',
  ])('%s is ddl', (text) => {
    expect(only(text).class).toBe('ddl');
  });

  it.each([
    'begin',
    'start transaction',
    'start transaction read only, with consistent snapshot',
    'commit',
    'rollback to savepoint a',
    'savepoint a',
    'release savepoint a',
    "set time_zone = '+02:00'",
    'set @a = 1, @b = (select max(id) from t)',
    'set session foreign_key_checks = 0',
    'set @@session.unique_checks = 0',
    'set transaction isolation level read committed',
    'set names utf8mb4',
    'select @a := 1',
    'select id into @x from t limit 1',
    "signal sqlstate '45000' set message_text = 'x'",
  ])('%s is control', (text) => {
    expect(only(text).class).toBe('control');
  });

  it.each([
    'begin not atomic commit',
    "execute immediate 'COMMIT'",
    'set statement max_statement_time=0 for select sleep(600)',
    'set max_statement_time = 0',
    "set sql_mode = 'ANSI_QUOTES'",
    'set global max_connections = 5',
    'set @@global.max_connections = 5',
    'set autocommit = 0',
    'set transaction read write',
    'set session transaction read only',
    'set names gbk',
    'set character set latin1',
    "set password = 'x'",
    'set role r',
    'set time_zone = @@global.time_zone, sql_log_bin = 0',
    'use information_schema',
    'handler t open',
    'lock tables t write',
    'flush tables',
    'kill 1',
    'shutdown',
    "install soname 'x'",
    "load data infile '/etc/passwd' into table t",
    "select 1 into outfile '/tmp/x'",
    "select 1.INTO OUTFILE '/tmp/x'",
    "select load_file('/etc/passwd')",
    "select `load_file`('/etc/passwd')",
    "select get_lock('a', 1)",
    'select benchmark(1000000, md5(1))',
    "update t set a = get_lock('a', 1)",
    "create function f() returns int return get_lock('a', 1)",
    'create user u',
    'alter user current_user() identified by x',
    'grant all on *.* to u',
    'create database d',
    'drop schema d',
    "create server s foreign data wrapper mysql options (host 'x')",
    "create definer='root'@'localhost' procedure p() select 1",
    'create definer=root@localhost view v as select 1',
    "create table x (a int) engine=federated connection='mysql://u@169.254.169.254/d/t'",
    'create table x (a int) engine federated',
    "create table x (a int) engine='CONNECT'",
    "create table x (a int) data directory '/tmp'",
    "create function f returns string soname 'y.so'",
    'alter table t import tablespace',
    'xa start 1',
    'explain for connection 5',
    'select /*+ set_var(max_execution_time=0) */ 1',
    'if 1 then select 1',
    'binlog x',
    '__proto__',
    'constructor x',
  ])('%s is refused', (text) => {
    const found = only(text);
    expect(found.class).toBe('admin');
    expect(found.reason).not.toBe('');
  });
});

describe('splitting', () => {
  it('gives each statement its exact place in UTF-16', () => {
    const text = '/* 🐘 */ select \'é;😀\' as a; -- note\n\n  update t set a = "x;\\"y" ;';
    const { statements } = analyse(text);
    expect(statements.map(({ start, end }) => text.slice(start, end))).toEqual([
      "select 'é;😀' as a",
      'update t set a = "x;\\"y"',
    ]);
    expect(statements.map((statement) => statement.text)).toEqual([
      "select 'é;😀' as a",
      'update t set a = "x;\\"y"',
    ]);
  });

  it('finds nothing in white space and comments', () => {
    expect(analyse(' -- nothing\n # nor here\n;;').statements).toEqual([]);
    expect(analyse('').error).toBeNull();
  });

  it('keeps the body of a routine together', () => {
    const text = `create procedure p(n int) begin if n > 1 then select case n when 2 then 'a' end; end if; select 2; end;
      select 3`;
    expect(analyse(text).statements.map(({ verb }) => verb)).toEqual(['create procedure', 'select']);
  });

  it('follows the client’s DELIMITER', () => {
    const text =
      'delimiter //\ncreate procedure p() if 1 then select 1; end if//\nDELIMITER $$\nselect 2$$\ndelimiter ;\nselect 3;';
    const { statements } = analyse(text);
    expect(statements.map((statement) => statement.text)).toEqual([
      'create procedure p() if 1 then select 1; end if',
      'select 2',
      'select 3',
    ]);
  });

  it('refuses several statements that a delimiter hides in one', () => {
    const text = 'delimiter //\nselect 1; delete from t//\nbegin not atomic commit; delete from t; end//';
    expect(analyse(text).statements.map((statement) => statement.class)).toEqual(['admin', 'admin']);
  });

  it('does not take a table called event for a routine', () => {
    const text = 'create table event (begin int); drop table t';
    expect(analyse(text).statements).not.toHaveLength(0);
    expect(analyse(text).statements.every((statement) => statement.class !== 'read')).toBe(true);
  });
});

describe('what cannot be read', () => {
  it.each([
    ["select '😀', 'open", 'unterminated', 13],
    ["select 'a\\'", 'unterminated', 7],
    ['select `a', 'unterminated', 7],
    ['select 1 /* open', 'unterminated', 9],
    ['/*!50000 DELETE FROM canary */', 'executable_comment', 0],
    ['/*M! DELETE FROM canary */', 'executable_comment', 0],
    ['select 1 /*!50000 , 2 */', 'executable_comment', 9],
    ['select /*+ qb_name(`a*/b`) */ 1', 'quoted_hint', 7],
    ["select '\0'", 'nul_character', 8],
  ])('%j is an error at its place', (text, code, position) => {
    expect(analyse(text)).toMatchObject({ statements: [], error: { code, position } });
  });

  it('is an error when it is too long', () => {
    expect(analyse(`select '${'x'.repeat(600_000)}'`).error?.code).toBe('too_long');
  });

  it('takes no executable comment out of a string or a comment', () => {
    expect(only("select '/*! x */' -- /*! y */").class).toBe('read');
  });
});

describe('facts', () => {
  it.each([
    ['with c as (select * from a.b) insert into t select * from c join d using (x)', ['a.b r', 't w', 'd r']],
    [
      'select * from a x, `b` left join (C join d on 1) on x.i = d.i where e in (select f from g)',
      ['a r', 'b r', 'C r', 'd r', 'g r'],
    ],
    ['select extract(year from d) from t', ['t r']],
    ['update a join b on a.i = b.i set a.x = (select max(y) from c)', ['a w', 'b w', 'c r']],
    ['delete a from a join b using (i)', ['a w', 'b w']],
    ['delete from s.t where a = 1', ['s.t w']],
    ['insert low_priority ignore into t (a, b) values (1, 2)', ['t w']],
    ['drop table if exists a, s.b', ['a w', 's.b w']],
    ['rename table a to b', ['a w', 'b w']],
    ['create table a like b', ['a w', 'b r']],
    ['create view v as select * from t', ['v w', 't r']],
    ['create index i on t (a, b)', ['t w']],
    ['describe orders', ['orders r']],
    ['explain select * from orders', ['orders r']],
    ['show columns from t from s', []],
    ['select 1 from dual', []],
  ])('%s touches %j', (text, expected) => {
    const found = only(text).tables.map(
      ({ schema, name, use }) => `${schema === undefined ? '' : `${schema}.`}${name} ${use.charAt(0)}`,
    );
    expect(found.sort()).toEqual([...expected].sort());
  });

  it.each([
    ['update t set a = (select b from c where d = 1)', false],
    ['update t set a = 1 where b = 2', true],
    ['with x as (select 1 where true) delete from t', false],
    ['select * from t', false],
    ['select 1', null],
    ['insert into t select * from s where a', null],
  ])('%s has WHERE: %s', (text, expected) => {
    expect(only(text).hasWhere).toBe(expected);
  });

  it.each([
    ['update t set a = 1', 'update_without_where'],
    ['delete from t', 'delete_without_where'],
    ['truncate t', 'truncate'],
    ['drop table t', 'drop'],
    ['select * from t', 'select_star'],
    ['select a, t.* from t', 'select_star'],
  ])('%s has %s', (text, code) => {
    expect(only(text).findings.map((found) => found.code)).toContain(code);
  });

  it('has none for an UPDATE with WHERE, nor for count(*) and products', () => {
    expect(only('update t set a = 1 where b = 2').findings).toEqual([]);
    expect(only('select count(*), a * b from t').findings).toEqual([]);
  });

  it.each([
    ['create table t (a int)', 'create table', false],
    ['create temporary table t (a int)', 'create table', true],
    ['truncate t', 'truncate', false],
    ['insert into t values (1)', 'insert', true],
    ['with x as (select 1) update t set a = 1', 'update', true],
    ['(select 1)', 'select', true],
  ])('%s is %s, and part of a transaction: %s', (text, verb, transactional) => {
    expect(only(text)).toMatchObject({ verb, transactional });
  });
});
