import type { RunOutcome } from '../../src/modules/queries/queries.view.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;
let databaseId: string;

beforeAll(async () => {
  product = await startProduct();
  const made = await product.api('POST', '/databases', {
    name: 'shop',
    engine: 'postgres',
    template: 'sample',
  });
  databaseId = made.json<{ id: string }>().id;
}, 120_000);

afterAll(async () => {
  await product.close();
});

const send = async (sql: string, more: object = {}) =>
  product.api('POST', '/queries/sql', { databaseId, sql, ...more });
const run = async (sql: string, more: object = {}): Promise<RunOutcome> => {
  const answer = await send(sql, more);
  expect(answer.statusCode).toBe(200);
  return answer.json();
};

it('answers columns, rows and what the limits did, with numbers exact', async () => {
  const { results, runId } = await run(
    `select 1 as small, 9007199254740993 as big, 1.50::numeric as exact, null as nothing, 'x' as text`,
  );
  expect(results).toMatchObject([
    {
      class: 'read',
      columns: [
        { name: 'small', type: 'integer' },
        { name: 'big', type: 'bigint' },
        { name: 'exact', type: 'numeric' },
        { name: 'nothing' },
        { name: 'text', type: 'text' },
      ],
      rows: [[1, '9007199254740993', '1.50', null, 'x']],
      rowCount: 1,
      affectedRows: null,
      truncated: false,
      stoppedBy: null,
      notices: [],
      error: null,
    },
  ]);
  expect(runId).toMatch(/^[0-9a-f-]{36}$/);
});

it('stops at the row limit that was asked for, and says so', async () => {
  const { results } = await run('select * from order_lines', { maxRows: 3 });
  expect(results).toMatchObject([{ rowCount: 3, truncated: true, stoppedBy: 'rows' }]);
});

it('says time_limit when the time is over', async () => {
  const { results } = await run('select pg_sleep(5)', { timeoutMs: 200 });
  expect(results).toMatchObject([{ stoppedBy: 'time', error: { code: 'time_limit' } }]);
});

it('gives an error its place and a hint, and keeps the results before it', async () => {
  const { results } = await run('select 1; select custmer_id from orders; select 3');
  expect(results).toHaveLength(2);
  expect(results[1]).toMatchObject({
    error: { code: '42703', position: 7, at: 17, hint: 'Did you mean customer_id?' },
  });
});

it('gives a text that cannot be read its place', async () => {
  const { results } = await run('select * frm orders');
  expect(results).toMatchObject([{ error: { code: '42601', position: 9 } }]);
});

it('rolls an open transaction back and says so; one that commits stays', async () => {
  const left = await run(`begin; insert into customers (id, email, name, country, city, created_at)
    select 900001, 'a@example.com', name, country, city, created_at from customers limit 1`);
  expect(left.remarks.join()).toContain('rolled back');
  expect((await run('select count(*) from customers where id = 900001')).results[0]?.rows).toEqual([[0]]);
  await run(`begin; create table kept (n int); insert into kept values (1); commit`);
  expect((await run('select n from kept')).results[0]?.rows).toEqual([[1]]);
});

it('refuses a batch before the first statement of it runs', async () => {
  const answer = await send('create table never (n int); create role somebody');
  expect(answer.statusCode).toBe(403);
  expect(answer.json()).toMatchObject({ code: 'statement_refused', status: 403 });
  expect((await run(`select to_regclass('never')`)).results[0]?.rows).toEqual([[null]]);
});

it('lets a lower role only read, with a login that can only read', async () => {
  expect((await send('delete from orders', { asRole: 'viewer' })).json()).toMatchObject({
    code: 'write_not_allowed',
  });
  const { results } = await run('select current_user', { asRole: 'viewer' });
  expect(JSON.stringify(results[0]?.rows)).toMatch(/_ro"/);
  expect((await send('select 1', { asRole: 'tenant_admin' })).statusCode).toBe(200);
});

it.each([
  [{ sql: '' }, 'no_statement'],
  [{ sql: '-- nothing' }, 'no_statement'],
  [{ sql: 'select 1;'.repeat(51) }, 'too_many_statements'],
  [{ sql: 'select 1', maxRows: 0 }, 'validation_failed'],
  [{ sql: 'select 1', tenantId: 'x' }, 'validation_failed'],
])('refuses %j with 422 %s', async (input, code) => {
  const answer = await product.api('POST', '/queries/sql', { databaseId, ...input });
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([422, code]);
});

it('keeps every run in the history and in the audit log, the refused ones too', async () => {
  const { runId } = await run('select 4711');
  await send('create role somebody');
  const kept = await product.api('GET', `/queries/history/${runId}`);
  expect(kept.json()).toMatchObject({ sql: 'select 4711', status: 'succeeded', rowCount: 1 });
  const { runs } = (await product.api('GET', '/queries/history')).json<{ runs: { status: string }[] }>();
  expect(runs[0]?.status).toBe('refused');
  const { entries } = (await product.api('GET', '/audit?action=query.run')).json<{
    entries: { outcome: string }[];
  }>();
  expect(entries.slice(0, 2).map((entry) => entry.outcome)).toEqual(['refused', 'done']);
});

it('shows the schema and the first rows of a table', async () => {
  const schema = await product.api('GET', `/queries/schema?databaseId=${databaseId}`);
  const [{ tables }] = schema.json<{ schemas: [{ tables: { name: string }[] }] }>().schemas;
  expect(tables.map((table) => table.name)).toEqual(
    expect.arrayContaining(['customers', 'order_lines', 'orders', 'products']),
  );
  const sample = await product.api('GET', `/queries/sample-data/order_lines?databaseId=${databaseId}`);
  expect(sample.json<RunOutcome>().results[0]?.rowCount).toBe(20);
});

it('answers 404 for a database of somebody else or of nobody', async () => {
  const answer = await send('select 1', { databaseId: '018f0000-0000-7000-8000-000000000000' });
  expect(answer.statusCode).toBe(404);
});
