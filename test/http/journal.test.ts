import pg from 'pg';
import { startProduct, type Product } from '../support/product.js';

let product: Product;
let owner: pg.Client;
let databaseId: string;

beforeAll(async () => {
  product = await startProduct();
  const made = await product.api('POST', '/databases', {
    name: 'journal',
    engine: 'postgres',
    template: 'blank',
  });
  databaseId = made.json<{ id: string }>().id;
  owner = new pg.Client({ connectionString: product.migrationUrl });
  await owner.connect();
  // What this test reads must not count as a scan of the product's.
  await owner.query('set enable_seqscan = off');
  await run('create table written (at int)');
}, 120_000);

afterAll(async () => {
  await owner.end();
  await product.close();
});

const run = async (sql: string, more: object = {}) =>
  product.api('POST', '/queries/sql', { databaseId, sql, ...more });

/** Seen from beside the product, which would write what waits before it reads. */
const lineOf = async (runId: string): Promise<{ status: string; sql: string } | undefined> =>
  (
    await owner.query<{ status: string; sql: string }>('select status, sql from query_run where id = $1', [
      runId,
    ])
  ).rows[0];
const entriesOf = async (runId: string): Promise<string[]> =>
  (
    await owner.query<{ outcome: string }>(
      `select outcome from audit_entry where action = 'query.run' and details ->> 'run' = $1`,
      [runId],
    )
  ).rows.map(({ outcome }) => outcome);

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  const end = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('It did not come true within ten seconds.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

it('a run stands in the history with its text before it starts', async () => {
  const runId = crypto.randomUUID();
  const sql = 'select pg_sleep(1), 4711';
  const running = run(sql, { runId });
  await until(async () => (await lineOf(runId)) !== undefined);
  expect(await lineOf(runId)).toEqual({ status: 'running', sql });
  expect(await entriesOf(runId)).toEqual([]);
  expect((await running).statusCode).toBe(200);
});

it.each([
  ['a write', 'insert into written values (1)', 'succeeded', 'done'],
  ['a read that failed', 'select nonsense', 'failed', 'failed'],
  ['a refusal', 'create role mallory', 'refused', 'refused'],
])('%s is recorded before it is answered', async (_, sql, status, outcome) => {
  const runId = crypto.randomUUID();
  await run(sql, { runId });
  expect(await lineOf(runId)).toEqual({ status, sql });
  expect(await entriesOf(runId)).toEqual([outcome]);
});

it('of many at the same moment each has its line and its entry, found by their keys', async () => {
  const scans = async () =>
    (
      await owner.query<{ seq: string; idx: string }>(
        `select seq_scan as seq, idx_scan as idx from pg_stat_user_tables where relname = 'query_run'`,
      )
    ).rows[0];
  const before = await scans();
  const ids = Array.from({ length: 200 }, () => crypto.randomUUID());
  const answers = await Promise.all(
    ids.map(async (runId, index) => run(`select ${String(index)} as n`, { runId })),
  );
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(ids.map(() => 200));
  const { rows: history } = await owner.query<{ id: string; sql: string }>(
    'select id, sql from query_run where id = any ($1) order by array_position($1, id)',
    [ids],
  );
  expect(history.map(({ id, sql }) => [id, sql])).toEqual(
    ids.map((id, index) => [id, `select ${String(index)} as n`]),
  );
  const list = await product.api('GET', '/queries/history');
  expect(list.json<{ runs: { status: string }[] }>().runs.map(({ status }) => status)).toEqual(
    Array.from({ length: 50 }, () => 'succeeded'),
  );
  for (const id of ids) expect(await entriesOf(id)).toEqual(['done']);
  // The server counts a moment later.
  await until(async () => Number((await scans())?.idx) >= Number(before?.idx) + ids.length);
  expect((await scans())?.seq).toBe(before?.seq);
});

it('an id that is taken is refused, and its run is left as it is', async () => {
  const runId = crypto.randomUUID();
  await run('select 1', { runId });
  const again = await run('select 2', { runId });
  expect(again.json()).toMatchObject({ status: 409, code: 'run_exists' });
  expect((await lineOf(runId))?.sql).toBe('select 1');
});

describe('while the management database does not take it', () => {
  const without = async (table: string, work: () => Promise<void>): Promise<void> => {
    await owner.query(`revoke insert on ${table} from clouddb_app`);
    try {
      await work();
    } finally {
      await owner.query(`grant insert on ${table} to clouddb_app`);
    }
  };
  const written = async (): Promise<unknown> =>
    (await run('select count(*)::int from written')).json<{ results: { rows: unknown[][] }[] }>().results[0]
      ?.rows[0]?.[0];

  it('nothing starts that cannot be noted', async () => {
    const before = await written();
    await without('query_run', async () => {
      expect((await run('insert into written values (2)')).statusCode).toBe(500);
    });
    expect(await written()).toBe(before);
  });

  it('the end of a read is written as soon as it can be, once', async () => {
    const runId = crypto.randomUUID();
    await without('audit_entry', async () => {
      expect((await run('select 1', { runId })).statusCode).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await lineOf(runId))?.status).toBe('running');
      expect(await entriesOf(runId)).toEqual([]);
    });
    await until(async () => (await entriesOf(runId)).length > 0);
    expect(await entriesOf(runId)).toEqual(['done']);
    expect((await lineOf(runId))?.status).toBe('succeeded');
  });
});
