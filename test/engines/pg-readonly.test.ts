import type { EngineError, Statement, Target } from '../../src/engines/engine.js';
import { PostgresDriver } from '../../src/engines/postgres/postgres-driver.js';
import { PostgresProvisioner } from '../../src/engines/postgres/provisioner.js';
import {
  asWriter,
  connect,
  prepareServer,
  runSteps,
  sandboxSpec,
  withClient,
} from '../support/sandbox-server.js';
import { postgresServers } from '../support/servers.js';
import { LIMITS, only, runIn } from './engine.contract.js';
import { ALLOWED, REFUSED } from './pg-readonly-cases.js';

const SET_UP = `
  create table canary (n int);
  insert into canary values (1), (2), (3);
  create sequence canary_seq;
  create function f_secdef() returns int language sql security definer as 'insert into canary values (99); select 1';`;

/** Everything an attack could have moved: rows, sequences, relations, functions, large objects, settings, sessions' locks. */
const FINGERPRINT = `
  select (select md5(string_agg(n::text, ',' order by n)) from canary) as rows,
         (select last_value::text || is_called from canary_seq) as sequence,
         (select string_agg(relname, ',' order by relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname !~ '^pg_' and n.nspname <> 'information_schema') as relations,
         (select count(*)::int from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public') as functions,
         (select count(*)::int from pg_largeobject_metadata) as objects,
         (select count(*)::int from pg_extension) as extensions,
         (select count(*)::int from pg_locks where locktype = 'advisory' and database =
           (select oid from pg_database where datname = current_database())) as locks,
         (select string_agg(rolname || coalesce(rolconfig::text, ''), ',' order by rolname) from pg_roles
           where starts_with(rolname, current_database())) as roles`;

describe.each(postgresServers())('reads on PostgreSQL "$name"', (server) => {
  const provisioner = new PostgresProvisioner();
  const spec = sandboxSpec();
  let driver: PostgresDriver;
  let target: Target;

  beforeAll(async () => {
    driver = await PostgresDriver.load();
    await prepareServer(server, provisioner);
    await runSteps(server, provisioner.create(spec, 'blank'));
    await withClient(server, asWriter(spec), async (client) => client.query(SET_UP));
    const { hostname, port } = new URL(server.url);
    const { database, readLogin: username, readPassword: password } = spec;
    target = { host: hostname, port: Number(port), database, username, password, tls: { mode: 'off' } };
  }, 120_000);

  afterAll(async () => {
    await driver.close();
    await runSteps(server, provisioner.drop(spec));
  });

  const fingerprint = async (): Promise<unknown> =>
    withClient(
      server,
      { database: spec.database },
      async (admin) => (await admin.query(FINGERPRINT)).rows[0] as unknown,
    );

  /** Sends a text as a read, whatever the analysis says of it: what is left is the login and the fence. */
  async function force(text: string, to: Target = target): Promise<string> {
    const statement: Statement = { ...only(driver, 'select 1'), text };
    await using session = await driver.open(to, 'read');
    return await runIn(session, statement, { timeoutMs: 1500, maxRows: 10 }).then(
      () => 'ran',
      (error: unknown) => (error as EngineError).problem.code,
    );
  }

  it('are judged by what they are, and no attack is taken for one', () => {
    const classes = REFUSED.flatMap(({ id, texts }) =>
      texts.map((text) => [id, text, only(driver, text).class]),
    );
    const expected = REFUSED.flatMap(({ id, texts, class: wanted }) =>
      texts.map((text) => [id, text, wanted]),
    );
    expect(classes).toEqual(expected);
  });

  it.each(REFUSED)(
    'leave everything as it was under $id, even when the analysis is left out',
    async ({ texts }) => {
      const before = await fingerprint();
      for (const text of texts) await force(text);
      expect(await force('insert into canary values (100)')).not.toBe('ran');
      expect(await fingerprint()).toEqual(before);
    },
  );

  it('refuse to become read-write: the fence stands before the statement', async () => {
    expect(await force('set transaction read write')).toBe('25001');
  });

  it.each(ALLOWED)('allow $text ($id)', async ({ text, rows }) => {
    const statement = only(driver, text);
    expect(statement.class).toBe('read');
    await using session = await driver.open(target, 'read');
    const { sink } = await runIn(session, statement);
    if (rows.length > 0) expect(sink.rows()).toEqual(rows);
    else expect(sink.rowCount).toBeGreaterThan(0);
  });

  it('are seen by the oracle when they do write: the writer’s login moves it', async () => {
    const before = await fingerprint();
    const client = await connect(server, asWriter(spec));
    await client.query('insert into canary values (4)');
    expect(await fingerprint()).not.toEqual(before);
    await client.query('delete from canary where n = 4');
    await client.end();
    expect(await fingerprint()).toEqual(before);
  });

  it('need each of their defences: without login and parser the fence alone lets a lock through', async () => {
    const writer = { ...target, username: spec.writeLogin, password: spec.writePassword };
    expect(await force('select * from canary for update', writer)).toBe('25006');
    expect(await force('lock table canary in access share mode', writer)).toBe('ran');
    expect(only(driver, 'lock table canary in access share mode').class).not.toBe('read');
  });

  it('end a cell of 200 MB, a flood of rows and a sort beyond its disk without harm (PG-038, 039, 041)', async () => {
    const before = process.memoryUsage().rss;
    await using session = await driver.open(target, 'read');
    const cell = await runIn(session, only(driver, "select repeat('x', 200000000)"), {
      maxCellBytes: 1000,
      timeoutMs: 20_000,
    });
    expect(cell.sink.cut).toEqual([{ row: 0, column: 0, size: 200_000_000 }]);
    const flood = await runIn(
      session,
      only(driver, "select repeat('x', 1000) from generate_series(1, 600000)"),
    );
    expect(flood.end.stoppedBy).not.toBeNull();
    // Less than the cell itself: what was skipped was never held. The bench measures the process on its own.
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1_048_576);
    const sort = only(
      driver,
      'select count(*) from (select g from generate_series(1, 200000000) g order by random()) x',
    );
    await using other = await driver.open(target, 'read');
    await expect(runIn(other, sort, { ...LIMITS, timeoutMs: 3000 })).rejects.toMatchObject({
      problem: { code: expect.stringMatching(/^(?:53400|time_limit)$/) as string },
    });
  }, 60_000);
});
