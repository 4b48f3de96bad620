import type { PlanPage } from '../../src/modules/queries/explain/plan.view.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;
let databaseId: string;

beforeAll(async () => {
  product = await startProduct();
  const body = { name: 'plans', engine: 'postgres', template: 'sample' };
  databaseId = (await product.api('POST', '/databases', body)).json<{ id: string }>().id;
}, 120_000);

afterAll(async () => {
  await product.close();
});

const explain = async (sql: string, more: object = {}) =>
  product.api('POST', '/queries/explain', { databaseId, sql, ...more });

const countLines = async (): Promise<unknown> => {
  const answer = await product.api('POST', '/queries/sql', {
    databaseId,
    sql: 'select count(*)::int from order_lines',
  });
  return answer.json<{ results: { rows: unknown[][] }[] }>().results[0]?.rows[0]?.[0];
};

it('shows the steps of a plan without running the statement', async () => {
  const answer = await explain('select * from order_lines where quantity = 99');
  expect(answer.statusCode).toBe(200);
  const page = answer.json<PlanPage>();
  expect(page).toMatchObject({ analysed: false, executionMs: null, can: { analyse: true } });
  expect(page.rows[0]).toMatchObject({ operation: 'Seq Scan', object: 'order_lines', actualRows: null });
});

it('measures on demand, and says what would help', async () => {
  const page = (
    await explain('select * from order_lines where quantity = 99', { analyse: true })
  ).json<PlanPage>();
  expect(page).toMatchObject({ analysed: true, can: { analyse: false } });
  expect(page.rows[0]).toMatchObject({ operation: 'Seq Scan', actualRows: 0 });
  expect(page.hints).toMatchObject([
    { code: 'full_scan', suggestion: 'create index on order_lines (quantity);' },
  ]);
});

it('measures a write and takes it back', async () => {
  const before = await countLines();
  const page = (
    await explain('delete from order_lines where order_id < 10', { analyse: true })
  ).json<PlanPage>();
  expect(page.writes).toBe(true);
  expect(page.rows[0]).toMatchObject({ operation: 'Delete', object: 'order_lines' });
  expect(page.rows[1]?.actualRows).toBeGreaterThan(0);
  expect(await countLines()).toBe(before);
});

it('refuses several statements, what has no plan, and what cannot be read', async () => {
  const codeOf = async (sql: string) => {
    const answer = await explain(sql);
    return [answer.statusCode, answer.json<{ code: string }>().code];
  };
  expect(await codeOf('select 1; select 2')).toEqual([422, 'several_statements']);
  expect(await codeOf('create table t (id int)')).toEqual([422, 'not_explainable']);
  expect(await codeOf('selec 1')).toEqual([422, '42601']);
  expect(await codeOf('select contry from customers')).toEqual([422, '42703']);
  expect(await codeOf('drop role admin')).toEqual([403, 'statement_refused']);
  expect(await codeOf('select 1')).toEqual([200, undefined]);
});

it('does not exist for a member of another tenant', async () => {
  const viewer = await makeSession(product.app, { role: 'viewer' });
  const ask = async (sql: string) =>
    product.app.inject({
      method: 'POST',
      url: '/api/v1/queries/explain',
      headers: { authorization: `Bearer ${viewer.token}` },
      payload: { databaseId, sql },
    });
  expect((await ask('select 1')).statusCode).toBe(404);
});

it('is a page of the workbench without script, and a fragment for a swap', async () => {
  const body = new URLSearchParams({ databaseId, sql: 'select * from customers' }).toString();
  const form = { method: 'POST', url: '/queries/explain', payload: body } as const;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const page = await product.browse({ ...form, headers: type });
  expect(page.body).toMatch(/^<!doctype html>[^]*Run it and show times/);
  const swap = await product.browse({
    ...form,
    headers: { ...type, 'hx-request': 'true', 'hx-request-type': 'partial' },
  });
  expect(swap.body).toMatch(/^<section class="results plan" id="results"/);
});
