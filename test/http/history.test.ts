import type { HistoryPage } from '../../src/modules/queries/queries.view.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;
let databaseId: string;

beforeAll(async () => {
  product = await startProduct();
  const made = await product.api('POST', '/databases', {
    name: 'past',
    engine: 'postgres',
    template: 'blank',
  });
  databaseId = made.json<{ id: string }>().id;
  for (const sql of [
    'create table kept (n int)',
    'select n from kept',
    'select Missing from kept',
    'drop role x',
  ])
    await product.api('POST', '/queries/sql', { databaseId, sql });
}, 120_000);

afterAll(async () => {
  await product.close();
});

const found = async (query: string): Promise<string[]> => {
  const answer = await product.api('GET', `/queries/history?${query}`);
  return answer.json<HistoryPage>().runs.map(({ summary }) => summary);
};

it('is found by a part of the text, whatever its case', async () => {
  expect(await found('q=KEPT')).toEqual([
    'select Missing from kept',
    'select n from kept',
    'create table kept (n int)',
  ]);
  expect(await found('q=%25')).toEqual([]);
});

it('is found by status, by class and by database, alone and together', async () => {
  expect(await found('status=failed')).toEqual(['select Missing from kept']);
  expect(await found('status=refused')).toEqual(['drop role x']);
  expect(await found('class=ddl')).toEqual(['create table kept (n int)']);
  expect(await found(`databaseId=${databaseId}&class=read&q=missing`)).toEqual(['select Missing from kept']);
  expect(await found('databaseId=018f0000-0000-7000-8000-000000000000')).toEqual([]);
});

it('keeps its filters in the address, and in the form', async () => {
  const page = await product.browse({ url: '/queries/history?q=kept&status=failed&class=&databaseId=' });
  expect(page.body).toContain('value="kept"');
  expect(page.body).toContain('<option value="failed" selected>');
  expect(page.body).toContain('hx-get="/queries/history?q&#x3D;kept&amp;status&#x3D;failed"');
  expect(page.body).not.toContain('select n from kept');
});

it('is a list alone for a swap', async () => {
  const headers = { 'hx-request': 'true', 'hx-request-type': 'partial' };
  const swap = await product.browse({ url: '/queries/history?status=failed', headers });
  expect(swap.body).toMatch(/^<section class="runs"[^]*Missing/);
});

it('refuses a filter that cannot be, and says which', async () => {
  const answer = await product.api('GET', '/queries/history?status=odd');
  expect([answer.statusCode, Object.keys(answer.json<{ errors: object }>().errors)]).toEqual([
    422,
    ['status'],
  ]);
});

it('is one’s own: somebody else finds nothing of it', async () => {
  const { token } = await makeSession(product.app, { role: 'viewer' });
  const answer = await product.app.inject({
    url: '/api/v1/queries/history?q=kept',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.json<HistoryPage>().runs).toEqual([]);
});

it('lets a run be run again from its page', async () => {
  const { runs } = (await product.api('GET', '/queries/history?q=select+n')).json<HistoryPage>();
  const page = await product.browse({ url: `/queries/history/${runs[0]?.runId ?? ''}` });
  expect(page.body).toMatch(
    /<form[^>]*action="\/queries\/sql"[^]*name="sql" value="select n from kept"[^]*Run again/,
  );
});
