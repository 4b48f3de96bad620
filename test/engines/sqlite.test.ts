import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SqliteDriver } from '../../src/engines/sqlite/sqlite-driver.js';
import { engineContract, only, runIn, type ContractServer } from './engine.contract.js';
import {
  endChildren,
  ENDLESS,
  makeFile,
  newFolder,
  problemOf,
  removeFolders,
  SqliteWorld,
  targetOf,
} from './sqlite-world.js';

async function setUp(): Promise<ContractServer> {
  const folder = await newFolder();
  const target = targetOf(makeFile(join(folder, 'contract.db')));
  const driver = new SqliteDriver(folder);
  return {
    driver,
    other: new SqliteDriver(folder),
    target,
    dead: targetOf(join(folder, 'missing.db')),
    texts: {
      rows: (count) =>
        `with recursive r(n) as (select 1 union all select n + 1 from r where n < ${String(count)}) select n as a from r`,
      cell: (bytes) => `select replace(hex(zeroblob(${String(bytes / 2)})), '0', 'x')`,
      sleep: () => ENDLESS,
      write: 'insert into written values (1)',
      count: 'select count(*) from written',
      broken: 'select 1 + missing from written',
      duplicates: 'select 1 as a, 2 as a',
      odd: `select 9007199254740993, -9223372036854775808, 1.0, 0.1, 1e300, 9e999, -9e999, -0.0, null, '', x'00ff',
                   'a"b\\c😀', json('{"b": 1.0, "a": null}'), true, '2026-03-01 12:00:00'`,
      oddRow: [
        '9007199254740993',
        '-9223372036854775808',
        1,
        0.1,
        1e300,
        'Infinity',
        '-Infinity',
        -0,
        null,
        '',
        '\\x00ff',
        'a"b\\c😀',
        '{"b":1.0,"a":null}',
        1,
        '2026-03-01 12:00:00',
      ],
    },
    cut: async () => endChildren(),
  };
}

describe('SQLite', () => {
  afterAll(removeFolders);
  engineContract(setUp, { lacks: ['address', 'login', 'tls'] });
});

describe('SQLite, beyond the contract', () => {
  let world: SqliteWorld;
  beforeAll(async () => {
    world = await SqliteWorld.make();
  });
  afterAll(async () => world.end());

  it('says that there is no such file, and that a file is no database', async () => {
    expect(
      await problemOf(world.driver.open(targetOf(join(world.folder, 'missing.db')), 'read')),
    ).toMatchObject({
      code: 'no_such_database',
    });
    const path = join(world.folder, 'text.db');
    await writeFile(path, 'This is not a database, though it is long enough to have a header.'.repeat(20));
    expect(await problemOf(world.driver.open(targetOf(path), 'read'))).toMatchObject({
      code: 'no_such_database',
    });
  });

  it('names declared types, and gives every cell its own where a column holds several', async () => {
    await using session = await world.open(`create table t (a integer, b varchar(20), c, d);
      insert into t values (1, 'x', 1.5, null), ('one', x'01', 2, null)`);
    const { sink } = await runIn(session, only(world.driver, 'select a, b, c, d, 1 as e from t'));
    expect(sink.columnList.map(({ name, type, kind }) => [name, type, kind])).toEqual([
      ['a', 'integer', 'other'],
      ['b', 'varchar(20)', 'other'],
      ['c', 'any', 'other'],
      ['d', '', 'other'],
      ['e', 'integer', 'integer'],
    ]);
    expect(sink.rows()).toEqual([
      [1, 'x', 1.5, null, 1],
      ['one', '\\x01', 2, null, 1],
    ]);
  });

  it.each([
    ['select 1 from from', 'from from', 5],
    ['select (select 1 from written where) + 1', ') + 1', 0],
    ["select '😀é', written.missing from written", 'missing', 0],
    ['select nothing(1)', 'nothing', 0],
    ['select * from absent', 'absent', 0],
    ['select 1 from', '', 0],
  ])('finds the place of the error in %s', async (text, at, plus) => {
    await using session = await world.driver.open(world.target, 'read');
    const problem = await problemOf(runIn(session, only(world.driver, text)));
    expect(problem?.position).toBe((at === '' ? text.length : text.indexOf(at)) + plus);
  });

  it('counts what a statement changes, not what it finds or what its triggers do', async () => {
    await using session = await world.open(`create table t (a); create table log (a);
      create trigger tr after insert on t begin insert into log values (new.a), (new.a); end`);
    const affected = async (text: string): Promise<number | null> =>
      (await runIn(session, only(world.driver, text))).end.affectedRows;
    expect(await affected('insert into t values (1), (2), (3)')).toBe(3);
    expect(await affected('update t set a = 4 where a > 1')).toBe(2);
    expect(await affected('delete from t where a = 99')).toBe(0);
    expect(await affected('insert into t values (7) returning a')).toBe(1);
    expect(await affected('select * from t')).toBeNull();
    expect(await affected('create table u (a)')).toBeNull();
  });

  it('carries a write through whose answer is longer than the limits', async () => {
    await using session = await world.open('create table t (a)');
    const text =
      'with recursive r(n) as (select 1 union all select n + 1 from r where n < 5000) insert into t select n from r returning a';
    const { end, sink } = await runIn(session, only(world.driver, text), { maxRows: 10 });
    expect(end).toMatchObject({ rowCount: 10, stoppedBy: 'rows', affectedRows: 5000 });
    expect(sink.rowCount).toBe(10);
    expect(await world.rows(session, 'select count(*) from t')).toEqual([[5000]]);
  });

  it('obeys BEGIN, SAVEPOINT and ROLLBACK of a batch', async () => {
    await using session = await world.open('create table t (a)');
    await world.write(
      session,
      'begin',
      'insert into t values (1)',
      'savepoint s',
      'insert into t values (2)',
      'rollback to s',
    );
    expect(session.inTransaction).toBe(true);
    await world.write(session, 'commit');
    expect(session.inTransaction).toBe(false);
    expect(await world.rows(session, 'select a from t')).toEqual([[1]]);
  });

  it('runs VACUUM, ANALYZE, full-text tables and the pragmas that may be set', async () => {
    await using session = await world.open('create table t (a)');
    await world.write(
      session,
      'create virtual table f using fts5(x)',
      "insert into f values ('one two')",
      'analyze',
      'vacuum',
    );
    await world.write(session, 'pragma user_version = 7', 'create temp table helper (a)', 'drop table t');
    const { sink } = await runIn(session, only(world.driver, "select x from f where f match 'two'"));
    expect(sink.rows()).toEqual([['one two']]);
    expect(await world.rows(session, 'pragma user_version')).toEqual([[7]]);
  });

  it('describes tables, columns, keys, indexes, triggers and views, and gets past a broken view', async () => {
    await using session =
      await world.open(`create table parent (id integer primary key, name text not null default 'x');
      create table child (a int, b int, parent_id int references parent, unique (a, b), foreign key (a) references parent (id));
      create index child_parent on child (parent_id) where a > 1;
      create trigger tr after insert on child begin select 1; end;
      create view pairs as select p.name from parent p join child c on c.parent_id = p.id;
      create view broken as select * from gone;
      create virtual table f using fts5(x);
      insert into parent values (1, 'a'), (2, 'b'); analyze`);
    const { schemas } = await session.describe();
    const tables = schemas[0]?.tables ?? [];
    expect(tables.map(({ name, kind, columns }) => [name, kind, columns.length])).toEqual([
      ['broken', 'view', 0],
      ['child', 'table', 3],
      ['f', 'table', 1],
      ['pairs', 'view', 1],
      ['parent', 'table', 2],
    ]);
    const child = tables.find(({ name }) => name === 'child');
    expect(child?.indexes).toMatchObject([
      {
        name: 'child_parent',
        unique: false,
        definition: 'CREATE INDEX child_parent on child (parent_id) where a > 1',
      },
      { name: 'sqlite_autoindex_child_1', unique: true, definition: 'UNIQUE ("a", "b")' },
    ]);
    expect(child?.foreignKeys).toMatchObject([
      { columns: ['a'], referencedTable: 'parent', referencedColumns: ['id'] },
      { columns: ['parent_id'], referencedTable: 'parent', referencedColumns: [] },
    ]);
    expect(child?.triggers).toMatchObject([{ name: 'tr' }]);
    const parent = tables.find(({ name }) => name === 'parent');
    expect(parent?.estimatedRows).toBe(2);
    expect(parent?.columns).toEqual([
      { name: 'id', type: 'integer', nullable: false, default: null, primaryKey: true },
      { name: 'name', type: 'text', nullable: false, default: "'x'", primaryKey: false },
    ]);
    expect((await session.describe()).version).toBe((await session.describe()).version);
  });

  it('explains with a plan, and says that nothing was measured', async () => {
    await using session = await world.open('create table t (a, b); create index t_a on t (a)');
    const statement = only(world.driver, 'select * from t join t u on u.a = t.b where t.b > 1 order by t.b');
    const options = { analyse: true, timeoutMs: 5000, signal: new AbortController().signal };
    const plan = await session.explain(statement, options);
    expect(plan).toMatchObject({ analysed: false, executionMs: null, root: { operation: 'QUERY PLAN' } });
    expect(plan.root.children).toMatchObject([
      { operation: 'SCAN', object: 't', access: 'full', index: null },
      { operation: 'SEARCH', object: 'u', access: 'index', index: 't_a' },
      { operation: 'USE TEMP B-TREE FOR ORDER BY', object: null },
    ]);
    expect(plan.raw.text).toContain('SEARCH u USING INDEX t_a');
    await session.explain(only(world.driver, 'delete from t'), options);
    expect((await runIn(session, only(world.driver, 'select count(*) from t'))).end.rowCount).toBe(1);
  });
});
