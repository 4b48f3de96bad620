import { EngineError, type AccessMode } from '../../src/engines/engine.js';
import { PostgresDriver } from '../../src/engines/postgres/postgres-driver.js';
import { PostgresSession } from '../../src/engines/postgres/session.js';
import { postgresServers } from '../support/servers.js';
import { only, runIn } from './engine.contract.js';
import { targetOf, withAdmin } from './postgres-target.js';

describe.each(postgresServers())('the read fence on PostgreSQL "$name"', ({ url }) => {
  let driver: PostgresDriver;
  let target: ReturnType<typeof targetOf>;

  beforeAll(async () => {
    const database = `fence_${Math.random().toString(36).slice(2)}`;
    await withAdmin(url, async (client) => client.query(`create database ${database}`));
    const own = new URL(url);
    own.pathname = `/${database}`;
    await withAdmin(own.toString(), async (client) =>
      client.query(`create table parent (id int primary key);
                    create table child (id int references parent deferrable initially deferred)`),
    );
    target = targetOf(own.toString());
    driver = await PostgresDriver.load();
  });
  afterAll(async () => {
    await driver.close();
  });

  const open = async (access: AccessMode): Promise<PostgresSession> => {
    const session = await driver.open(target, access);
    if (!(session instanceof PostgresSession)) throw new Error('The driver gave a session of somebody else.');
    return session;
  };
  const run = async (session: PostgresSession, sql: string, timeoutMs?: number): Promise<string> => {
    const { sink } = await runIn(
      session,
      { ...only(driver, 'select 1'), text: sql },
      timeoutMs === undefined ? {} : { timeoutMs },
    );
    return sink.json().toString();
  };
  const codeOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof EngineError ? error.problem.code : String(error)),
    );
  const pid = 'select pg_backend_pid()';

  it('lets no statement out, whatever ran before on the connection', async () => {
    await using session = await open('read');
    const texts = ['select 1', 'select nonsense', 'select 1', 'select 1 / 0', ''];
    for (const before of texts) {
      await run(session, before).catch(() => undefined);
      expect(await codeOf(run(session, 'insert into parent values (1)'))).toBe('25006');
      expect(await codeOf(run(session, 'set transaction read write'))).toBe('25001');
      expect(await run(session, 'show transaction_read_only')).toBe('[["on"]]');
      expect(session.inTransaction).toBe(false);
    }
  });

  it('keeps the time limit of each statement, and takes it away with the transaction', async () => {
    await using session = await open('read');
    for (const [timeoutMs, shown] of [
      [5000, '5s'],
      [7000, '7s'],
      [5000, '5s'],
    ] as const) {
      expect(await run(session, 'show statement_timeout', timeoutMs)).toBe(`[["${shown}"]]`);
    }
    expect(await session.collect('show statement_timeout')).toEqual([['0']]);
    expect(await codeOf(run(session, 'select pg_sleep(5)', 200))).toBe('time_limit');
  });

  it('is put up again on a connection that wrote in between', async () => {
    const pids = new Set<string>();
    for (const access of ['read', 'write', 'read'] as const) {
      await using session = await open(access);
      pids.add(await run(session, pid));
      expect(await codeOf(run(session, 'insert into parent values (1) on conflict do nothing'))).toBe(
        access === 'read' ? '25006' : 'none',
      );
    }
    expect(pids.size).toBe(1);
  });

  it('stands also where the server forgets what was prepared, as behind a pooler', async () => {
    await using session = await open('read');
    await run(session, 'select 1');
    for (let time = 0; time < 3; time += 1) {
      await session.collect('deallocate all');
      expect(await run(session, 'select 41 + 1')).toBe('[[42]]');
      expect(await codeOf(run(session, 'insert into parent values (1)'))).toBe('25006');
      expect(await codeOf(run(session, 'select nonsense'))).toBe('42703');
    }
  });

  it('is not in the way of a write: an error at its commit is its own', async () => {
    await using session = await open('write');
    expect(await codeOf(run(session, 'insert into child values (4711)'))).toBe('23503');
    expect(await codeOf(run(session, 'insert into child values (null)'))).toBe('none');
  });
});
