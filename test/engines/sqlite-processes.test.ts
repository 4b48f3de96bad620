import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { only, runIn } from './engine.contract.js';
import { endChildren, ENDLESS, problemOf, SqliteWorld } from './sqlite-world.js';

describe('a process of SQLite', () => {
  let world: SqliteWorld;
  beforeAll(async () => {
    world = await SqliteWorld.make();
  });
  afterAll(async () => world.end());

  it('keeps what came before the time limit of a read, and takes a write back', async () => {
    await using session = await world.driver.open(world.target, 'read');
    const slow =
      'with recursive r(n) as (select 1 union all select n + 1 from r) select n from r where n % 3000000 = 1';
    const { end, sink } = await runIn(session, only(world.driver, slow), { timeoutMs: 1500 });
    expect(end.stoppedBy).toBe('time');
    expect(sink.rows()[0]).toEqual([1]);
    await using writer = await world.open('create table t (a)');
    const endless = `insert into t ${ENDLESS.replace('count(*)', 'n')}`;
    expect(await problemOf(runIn(writer, only(world.driver, endless), { timeoutMs: 500 }))).toMatchObject({
      code: 'time_limit',
    });
    expect(await world.rows(writer, 'select count(*) from t')).toEqual([[0]]);
  });

  it('puts a file in order for readers after a writer was ended in mid-write', async () => {
    const target = world.file(
      `create table t (a, b); with recursive r(n) as (select 1 union all select n + 1 from r where n < 50000)
       insert into t select n, hex(zeroblob(200)) from r`,
    );
    const writer = await world.driver.open(target, 'write');
    await writer.begin();
    await world.write(writer, 'update t set b = hex(zeroblob(201))');
    await endChildren();
    await writer[Symbol.asyncDispose]();
    await using reader = await world.driver.open(target, 'read');
    const { sink } = await runIn(reader, only(world.driver, 'select count(*), max(length(b)) from t'));
    expect(sink.rows()).toEqual([[50_000, 400]]);
  });

  it('reads a file in WAL mode that nobody else has open', async () => {
    const target = world.file('pragma journal_mode = wal; create table t (a)');
    await using reader = await world.driver.open(target, 'read');
    expect(await world.rows(reader, 'select count(*) from t')).toEqual([[0]]);
  });

  it('says that a transaction was lost with its process, until it is rolled back', async () => {
    await using session = await world.open('create table t (a)');
    await session.begin();
    await world.write(session, 'insert into t values (1)');
    await endChildren();
    const insert = only(world.driver, 'insert into t values (2)');
    expect(await problemOf(runIn(session, insert))).toMatchObject({ code: 'connection_lost' });
    expect(session.inTransaction).toBe(true);
    expect(await problemOf(runIn(session, insert))).toMatchObject({ code: 'transaction_lost' });
    await session.rollback();
    expect(session.inTransaction).toBe(false);
    expect(await world.rows(session, 'select count(*) from t')).toEqual([[0]]);
  });

  it('says that somebody else is writing', async () => {
    const target = world.file();
    await using first = await world.driver.open(target, 'write');
    await using second = await world.driver.open(target, 'write');
    await first.begin();
    const insert = only(world.driver, 'insert into written values (1)');
    expect(await problemOf(runIn(second, insert, { timeoutMs: 1000 }))).toMatchObject({
      code: 'SQLITE_BUSY',
    });
    await first.rollback();
    expect((await runIn(second, insert)).end.affectedRows).toBe(1);
  });

  it('waits for a process when a file has as many as it may, and lets other files through', async () => {
    const sessions = await Promise.all([1, 2, 3, 4].map(async () => world.driver.open(world.target, 'read')));
    const fifth = world.driver.open(world.target, 'read');
    await using elsewhere = await world.open('select 1');
    expect(elsewhere.inTransaction).toBe(false);
    await sessions[0]?.[Symbol.asyncDispose]();
    await (await fifth)[Symbol.asyncDispose]();
    for (const session of sessions) await session[Symbol.asyncDispose]();
  });

  it('ends a statement that needs too much memory, and goes on working', async () => {
    await using session = await world.driver.open(world.target, 'read');
    const greedy = `with recursive r(n) as (select 1 union all select n + 1 from r)
      select sum(length(x)) over (order by x) from (select hex(randomblob(4000)) x from r) limit 10`;
    expect(await problemOf(runIn(session, only(world.driver, greedy), { timeoutMs: 20_000 }))).toMatchObject({
      code: 'memory_limit',
    });
    expect((await runIn(session, only(world.driver, 'select 1'))).end.rowCount).toBe(1);
  });

  it('ends when its parent is killed, whatever it runs', async () => {
    const driver = join(import.meta.dirname, '../../dist/src/engines/sqlite/sqlite-driver.js');
    const program = `
      import { SqliteDriver } from ${JSON.stringify(driver)};
      const driver = new SqliteDriver(${JSON.stringify(world.folder)});
      const session = await driver.open(${JSON.stringify(world.target)}, 'read');
      const [statement] = driver.analyse(${JSON.stringify(ENDLESS)}).statements;
      const limits = { maxRows: 1, maxBytes: 1, maxCellBytes: 1, timeoutMs: 60_000 };
      session.run(statement, limits, { columns() {}, row() {} }, new AbortController().signal);
      console.log(session.backendId);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = said.toString().split('/').at(-2) ?? '';
    // Z: it has ended, and nobody has asked how yet.
    const runs = async (): Promise<boolean> =>
      promisify(execFile)('ps', ['-o', 'stat=', '-p', pid]).then(
        ({ stdout }) => !stdout.startsWith('Z'),
        () => false,
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await runs()).toBe(true);
    parent.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await runs()).toBe(false);
  });

  it('is ended by another replica only if it is the one that is meant', async () => {
    await using session = await world.driver.open(world.target, 'read');
    const [host, pid] = session.backendId.split('/');
    await world.driver.cancel(world.target, [host, pid, 'another'].join('/'));
    expect(await world.rows(session, 'select 1')).toEqual([[1]]);
    await world.driver.cancel(world.target, [host, '999999', 'another'].join('/'));
    const elsewhere = world.driver.cancel(world.target, ['elsewhere', pid, 'another'].join('/'));
    expect(await problemOf(elsewhere)).toMatchObject({ code: 'cancelled_elsewhere' });
    await expect(world.driver.cancel(world.target, 'nothing')).rejects.toThrow('names no process');
  });
});
