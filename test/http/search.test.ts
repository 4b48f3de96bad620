import type { SearchPage } from '../../src/modules/workspace/search.view.js';
import { Registry } from '../../src/platform/health/registry.js';
import type { Role } from '../../src/platform/access/roles.js';
import { makeTenant } from '../factories/people.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

type Found = Readonly<Record<string, readonly string[]>>;

/** Labels by group, as somebody finds them. */
async function find(token: string, q: string): Promise<Found> {
  const url = `/api/v1/search?q=${encodeURIComponent(q)}`;
  const answer = await product.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
  const { groups } = answer.json<SearchPage>();
  return Object.fromEntries(groups.map(({ label, hits }) => [label, hits.map((hit) => hit.label)]));
}

async function post<T>(token: string, url: string, payload: object): Promise<T> {
  const headers = { authorization: `Bearer ${token}` };
  return (await product.app.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload })).json<T>();
}

async function database(token: string, name: string): Promise<string> {
  return (await post<{ id: string }>(token, '/databases', { name, engine: 'postgres', template: 'blank' }))
    .id;
}

it('finds databases, tables, columns, one’s own queries, pages and acts', async () => {
  const { token } = await makeSession(product.app, {});
  const databaseId = await database(token, 'zebra_shop');
  await post(token, '/queries/sql', { databaseId, sql: 'create table zebras (zebra_name text)' });
  expect(await find(token, 'zebra')).toEqual({
    Databases: ['zebra_shop'],
    'Your queries': ['create table zebras (zebra_name text)'],
  });
  const headers = { authorization: `Bearer ${token}` };
  await product.app.inject({ url: `/api/v1/queries/schema/tree?databaseId=${databaseId}`, headers });
  expect((await find(token, 'zebra'))['Tables and columns']).toEqual(['zebras', 'zebras.zebra_name']);
  expect(await find(token, 'new dat')).toEqual({
    'Pages and acts': ['New database', 'New database with the sample shop'],
  });
});

it('finds nothing of other tenants, nor of a tenant’s databases that somebody may not see', async () => {
  const tenant = await makeTenant(product.app);
  const owner = await makeSession(product.app, { tenant });
  const databaseId = await database(owner.token, 'secret_lair');
  await post(owner.token, '/queries/sql', { databaseId, sql: 'create table lair_plans (id int)' });
  const own = { authorization: `Bearer ${owner.token}` };
  await product.app.inject({ url: `/api/v1/queries/schema/tree?databaseId=${databaseId}`, headers: own });
  expect(Object.keys(await find(owner.token, 'lair'))).toEqual([
    'Databases',
    'Tables and columns',
    'Your queries',
  ]);
  const colleague = await makeSession(product.app, { tenant, role: 'developer' });
  const stranger = await makeSession(product.app, {});
  expect(await find(colleague.token, 'lair')).toEqual({});
  expect(await find(stranger.token, 'lair')).toEqual({});
});

it.each([
  ['viewer', false, false],
  ['developer', true, false],
  ['tenant_admin', true, true],
] as const)('shows a %s only what the role reaches', async (role: Role, creates, audits) => {
  const { token } = await makeSession(product.app, { role });
  expect((await find(token, 'new database'))['Pages and acts']?.includes('New database') ?? false).toBe(
    creates,
  );
  expect((await find(token, 'audit'))['Pages and acts']?.includes('Audit') ?? false).toBe(audits);
  expect((await find(token, ''))['Pages and acts']).toContain('Overview');
});

it('leaves out what fails, and finds the rest', async () => {
  product.app.get(Registry, { strict: false }).addSearchSource({
    group: 'Broken',
    icon: 'database',
    order: 1,
    permission: 'session:own',
    find: async () => Promise.reject(new Error('broken on purpose')),
  });
  const { token } = await makeSession(product.app, {});
  expect(await find(token, 'overview')).toEqual({ 'Pages and acts': ['Overview'] });
});

it('is a page without a script, and a fragment with one, in which everything is text', async () => {
  const evil = encodeURIComponent('<img src=x>');
  const page = await product.browse({ method: 'GET', url: `/search?q=${evil}` });
  const swap = { 'hx-request': 'true', 'hx-request-type': 'partial' };
  const part = await product.browse({ method: 'GET', url: `/search?q=${evil}`, headers: swap });
  expect(page.body).toContain('<h1>Search</h1>');
  expect(part.body).toMatch(/^<div class="hits" id="search-hits"/);
  for (const { body } of [page, part]) {
    expect(body).not.toContain('<img src=x>');
    expect(body).toContain('&lt;img src');
  }
});
