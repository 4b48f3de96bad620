import { TenantsService } from '../../src/modules/tenants/tenants.service.js';
import type { CellView } from '../../src/modules/queries/results/cell.view.js';
import type { PartView } from '../../src/modules/queries/results/grid.view.js';
import type { ResultPage } from '../../src/modules/queries/results/results.view.js';
import type { RunOutcome } from '../../src/modules/queries/queries.view.js';
import type { Profile } from '../../src/modules/auth/account/account.view.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;
let databaseId: string;

beforeAll(async () => {
  product = await startProduct();
  const body = { name: 'results', engine: 'postgres', template: 'sample' };
  databaseId = (await product.api('POST', '/databases', body)).json<{ id: string }>().id;
}, 120_000);

afterAll(async () => {
  await product.close();
});

async function run(sql: string, more: object = {}): Promise<RunOutcome> {
  const answer = await product.api('POST', '/queries/sql', { databaseId, sql, keep: true, ...more });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}

/** Runs one statement and answers the address of its kept result. */
async function keep(sql: string, more: object = {}): Promise<string> {
  const { results } = await run(sql, more);
  const href = results[0]?.kept?.href;
  if (href === undefined) throw new Error('Nothing was kept.');
  return href;
}

async function get<T>(url: string): Promise<T> {
  const answer = await product.api('GET', url);
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return answer.json();
}

const NUMBERS = 'select n, n % 10 as tens, case when n % 7 = 0 then null else md5(n::text) end as hash';
const firstCells = ({ rows }: PartView): unknown[] => rows.map(({ cells }) => cells[0]);

it('keeps what comes after the rows that are shown, and shows it without a second run', async () => {
  const { results } = await run(`${NUMBERS} from generate_series(1, 4312) n`);
  expect(results[0]).toMatchObject({
    rowCount: 1000,
    stoppedBy: 'rows',
    truncated: true,
    kept: { read: 4312, complete: true },
  });
  expect([...(results[0]?.rows ?? [])]).toHaveLength(200);
  const href = results[0]?.kept?.href ?? '';
  const before = (await get<{ runs: unknown[] }>('/queries/history')).runs.length;
  const shown = await get<PartView>(`${href}/rows?from=900`);
  expect([shown.total, firstCells(shown)[0], shown.rows.length]).toEqual([1000, 901, 100]);
  const more = await get<PartView>(`${href}/rows?shown=4312&from=4200`);
  expect([more.total, more.rows.length, firstCells(more).at(-1)]).toEqual([4312, 112, 4312]);
  expect((await get<{ runs: unknown[] }>('/queries/history')).runs).toHaveLength(before);
});

it('says honestly where it stopped reading', async () => {
  const page = async (href: string): Promise<string | undefined> => (await get<ResultPage>(href)).limit?.text;
  const long = await keep('select n from generate_series(1, 50000) n');
  expect(await page(long)).toBe(
    'Stopped at 1,000 rows. 10,000 were read; there are more. The statement ran once.',
  );
  expect(await page(`${long}?shown=10000`)).toBe(
    'Stopped at 10,000 rows. What comes after was not read. The statement ran once.',
  );
  expect(await page(await keep('select n from generate_series(1, 1500) n'))).toBe(
    'Stopped at 1,000 rows. There are 1,500, and they were all read.',
  );
  expect(await page(await keep('select n from generate_series(1, 1000) n'))).toBeUndefined();
});

it('reads on for a moment only where rows come slowly', async () => {
  const started = performance.now();
  const slow = "select n, repeat('x', 2000), pg_sleep(0.01) from generate_series(1, 3000) n";
  const { results } = await run(slow, { maxRows: 10 });
  expect(performance.now() - started).toBeLessThan(5000);
  expect(results[0]).toMatchObject({ rowCount: 10, stoppedBy: 'rows', kept: { complete: false } });
  expect(results[0]?.kept?.read).toBeLessThan(1000);
  expect(results[0]?.kept?.read).toBeGreaterThan(10);
});

it('sorts and filters the rows that are shown', async () => {
  const href = await keep(`${NUMBERS} from generate_series(1, 2000) n`);
  const sorted = await get<PartView>(`${href}/rows?sort=0&dir=desc`);
  expect(firstCells(sorted).slice(0, 2)).toEqual([1000, 999]);
  expect(sorted.rows[0]).toMatchObject({ ordinal: 1, record: 999 });
  const all = await get<PartView>(`${href}/rows?sort=0&dir=desc&shown=2000`);
  expect(firstCells(all)[0]).toBe(2000);
  const filtered = await get<PartView>(`${href}/rows?column=1&op=equals&value=3&sort=0&dir=desc`);
  expect([filtered.total, firstCells(filtered)[0]]).toEqual([100, 993]);
  const nulls = await get<ResultPage>(`${href}?column=2&op=null`);
  expect([nulls.grid?.total, nulls.filter?.arranged]).toEqual([142, '142 of the 1,000 rows shown']);
});

it.each(['sort=99', 'sort=x', 'op=like', 'shown=-1', 'dir=up', 'from=1e3', 'surprise=1'])(
  'does not fall for ?%s',
  async (query) => {
    const href = await keep('select 1 as one');
    const answer = await product.api('GET', `${href}/rows?${query}`);
    expect(answer.statusCode).toBe(query === 'sort=99' ? 200 : 422);
  },
);

it('shows a value whole that the grid has only the beginning of', async () => {
  const href = await keep(
    `select repeat('ab', 3000) as long, '{"n":12345678901234567890}'::jsonb as doc, '\\x00ff'::bytea as bin, null as nothing,
            repeat('x', 400000) as huge`,
  );
  const cell = async (column: number, more = ''): Promise<CellView> =>
    get(`${href}/cells/0/${String(column)}${more}`);
  expect(await cell(0)).toMatchObject({
    size: 6000,
    shownBytes: 2000,
    allHref: expect.stringContaining('all=1') as string,
  });
  expect((await cell(0, '?all=1')).content).toBe('ab'.repeat(3000));
  expect((await cell(1)).content).toBe('{\n  "n": 12345678901234567890\n}');
  expect((await cell(2)).content).toContain('00 ff');
  expect(await cell(3)).toMatchObject({ null: true, content: '' });
  const huge = await cell(4, '?all=1');
  expect([huge.size, huge.keptBytes, huge.content.length]).toEqual([400_000, 262_144, 262_144]);
  expect(huge.cutNote).toContain('391 kB');
});

it('keeps the results before the one that fails, and the rows before its error', async () => {
  const { results, runId } = await run('select 1 as one; select 1 / (3 - n) from generate_series(1, 5) n');
  expect(results.map(({ kept, error }) => [kept?.read, error?.code])).toEqual([
    [1, undefined],
    [2, '22012'],
  ]);
  const failed = await get<ResultPage>(`/queries/results/${runId}/1`);
  expect(failed).toMatchObject({ error: { code: '22012' }, state: { text: 'failed' }, grid: { total: 2 } });
});

it('writes nothing for a run that did not ask for it', async () => {
  const answer = await product.api('POST', '/queries/sql', { databaseId, sql: 'select 1' });
  const { results, runId } = answer.json<RunOutcome>();
  expect(results[0]?.kept).toBeNull();
  expect((await product.api('GET', `/queries/results/${runId}/0`)).statusCode).toBe(404);
});

it('gives the same result the same hash, and another one another', async () => {
  const hashOf = async (sql: string): Promise<string | undefined> => (await run(sql)).results[0]?.kept?.hash;
  const one = await hashOf('select n from generate_series(1, 20000) n');
  expect(await hashOf('select n from generate_series(1, 20000) n where true')).toBe(one);
  expect(await hashOf('select n + 0 * n as n from generate_series(1, 20001) n')).toBe(one);
  expect(await hashOf('select n as m from generate_series(1, 20000) n')).not.toBe(one);
  expect(await hashOf('select n + 1 as n from generate_series(1, 20000) n')).not.toBe(one);
});

it('is there for whoever ran it, and for nobody else', async () => {
  const href = await keep('select 42 as answer');
  const urls = [href, `${href}/rows`, `${href}/cells/0/0`];
  const { membership } = (await product.api('GET', '/users/profile')).json<Profile>();
  const tenant = await product.app.get(TenantsService, { strict: false }).getTenant(membership.tenant.id);
  const strangers = [
    await makeSession(product.app, { role: 'tenant_admin' }),
    await makeSession(product.app, { role: 'tenant_admin', tenant }),
  ];
  for (const url of urls) {
    expect((await product.api('GET', url)).statusCode).toBe(200);
    for (const { token } of strangers) {
      const answer = await product.app.inject({
        url: `/api/v1${url}`,
        headers: { authorization: `Bearer ${token}` },
      });
      expect([url, answer.statusCode]).toEqual([url, 404]);
    }
  }
});
