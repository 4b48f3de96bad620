import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LightMyRequestResponse } from 'fastify';
import { ApiKeyCache } from '../../../src/modules/auth/api-keys/api-key-cache.js';
import { Clock } from '../../../src/platform/clock/clock.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import type { Role } from '../../../src/platform/access/roles.js';
import { makeSession } from '../../factories/sessions.js';
import { startProduct, type Product } from '../../support/product.js';
import { routesOf } from '../routes.js';

const DAY_MS = 86_400_000;

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

const ask = async (
  token: string,
  method: string,
  url: string,
  payload?: object,
  app: NestFastifyApplication = product.app,
): Promise<LightMyRequestResponse> =>
  app.inject({
    method: method as 'GET',
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload && { payload }),
  });

interface Made {
  readonly session: string;
  readonly key: string;
  readonly id: string;
}

async function makeKey(role: Role, scope: string, days = 30): Promise<Made> {
  const { token } = await makeSession(product.app, { role });
  const made = await ask(token, 'POST', '/auth/api-keys', { name: 'deploy', scope, days });
  expect(made.statusCode).toBe(201);
  const { key, id } = made.json<{ key: string; id: string }>();
  return { session: token, key, id };
}

const status = async (key: string, app?: NestFastifyApplication): Promise<number> =>
  (await ask(key, 'GET', '/users/profile', undefined, app)).statusCode;

it('is shown once, kept as a hash, and acts as its member with its name beside', async () => {
  const { session, key } = await makeKey('developer', 'read');
  expect(key).toMatch(/^cdb_[\w-]{43}$/);
  expect((await ask(key, 'GET', '/users/profile')).json()).toMatchObject({
    name: 'Ada (API key deploy)',
    membership: { role: 'developer' },
  });
  const list = await ask(session, 'GET', '/auth/api-keys');
  expect(list.json<{ keys: unknown[] }>().keys).toMatchObject([{ name: 'deploy', scope: 'read' }]);
  expect(list.body).not.toContain(key.slice(12));
  const rows = await product.app
    .get(Transactions, { strict: false })
    .manager.query<{ row: string }[]>(
      'select k::text as row from api_key k union all select e::text from audit_entry e',
    );
  expect(rows.filter(({ row }) => row.includes(key.slice(4)))).toEqual([]);
});

it('counts under /api/v1 only, and is no session', async () => {
  const { key } = await makeKey('developer', 'admin');
  expect(await status(key)).toBe(200);
  const page = { accept: 'application/json', 'sec-fetch-site': 'same-origin' };
  for (const headers of [{ authorization: `Bearer ${key}` }, { cookie: `__Host-session=${key}` }])
    expect(
      (await product.app.inject({ url: '/users/profile', headers: { ...page, ...headers } })).statusCode,
    ).toBe(401);
  for (const wrong of [`${key}x`, key.slice(0, -1), 'cdb_', key.replace('cdb_', 'CDB_')])
    expect(await status(wrong)).toBe(401);
});

it('of each scope reaches exactly the routes that it should, of all routes there are', async () => {
  let cells = 0;
  for (const scope of ['read', 'run', 'admin'] as const) {
    const { key } = await makeKey('tenant_admin', scope);
    for (const { method, path, access } of routesOf(product.app)) {
      if (access === 'public') continue;
      const url = path.replaceAll(/:\w+/g, '018f0000-0000-7000-8000-000000000000');
      const { statusCode } = await ask(key, method, url);
      const people = ['session:own', 'account:own', 'requests:decide', 'platform:operate'].includes(access);
      const runs = access.endsWith(':run') || ['queries:export', 'requests:submit'].includes(access);
      const allowed = !people && (scope === 'admin' || access.endsWith(':read') || (scope === 'run' && runs));
      expect([scope, method, path, statusCode === 403]).toEqual([scope, method, path, !allowed]);
      expect(statusCode).not.toBe(401);
      cells += 1;
    }
  }
  expect(cells).toBeGreaterThan(120);
}, 120_000);

it('of a developer does nothing that a developer may not, whatever its scope', async () => {
  const { key } = await makeKey('developer', 'admin');
  expect((await ask(key, 'GET', '/audit')).statusCode).toBe(403);
  expect((await ask(key, 'POST', '/connections', {})).statusCode).toBe(403);
  expect((await ask(key, 'GET', '/databases')).statusCode).toBe(200);
});

it('makes, lists and revokes no keys itself', async () => {
  const { key, id } = await makeKey('tenant_admin', 'admin');
  expect((await ask(key, 'POST', '/auth/api-keys', { name: 'x', scope: 'read', days: 1 })).statusCode).toBe(
    403,
  );
  expect((await ask(key, 'GET', '/auth/api-keys')).statusCode).toBe(403);
  expect((await ask(key, 'DELETE', `/auth/api-keys/${id}`)).statusCode).toBe(403);
});

it('ends at once when it is revoked, and when its member is deactivated, on every replica', async () => {
  const [revoked, orphan] = [await makeKey('developer', 'read'), await makeKey('developer', 'read')];
  const other = await product.replica();
  try {
    for (const { key } of [revoked, orphan]) expect(await status(key, other)).toBe(200);
    const foreign = await makeSession(product.app, {});
    expect((await ask(foreign.token, 'DELETE', `/auth/api-keys/${revoked.id}`)).statusCode).toBe(404);
    expect((await ask(revoked.session, 'DELETE', `/auth/api-keys/${revoked.id}`)).statusCode).toBe(200);
    expect(await status(revoked.key)).toBe(401);
    const { manager } = product.app.get(Transactions, { strict: false });
    const [row] = await manager.query<{ membership_id: string }[]>(
      'select membership_id from api_key where id = $1',
      [orphan.id],
    );
    await manager.query(`update membership set status = 'deactivated' where id = $1`, [row?.membership_id]);
    await product.app.get(ApiKeyCache, { strict: false }).announceEnd(row?.membership_id ?? '');
    expect(await status(orphan.key)).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const { key } of [revoked, orphan]) expect(await status(key, other)).toBe(401);
  } finally {
    await other.close();
  }
});

it('is good until its day, and says when and from where it was used last', async () => {
  const { session, key } = await makeKey('developer', 'read', 7);
  const clock = product.app.get(Clock, { strict: false });
  try {
    clock.now = () => new Date(Date.now() + 7 * DAY_MS - 60_000);
    expect(await status(key)).toBe(200);
    clock.now = () => new Date(Date.now() + 7 * DAY_MS + 1000);
    expect(await status(key)).toBe(401);
  } finally {
    clock.now = () => new Date();
  }
  await product.app.get(ApiKeyCache, { strict: false }).flush();
  expect((await ask(session, 'GET', '/auth/api-keys')).json()).toMatchObject({
    keys: [{ lastUsedAt: expect.any(String) as string, lastUsedIp: '127.0.0.1' }],
  });
});

it.each([
  [{ name: '', scope: 'read', days: 7 }, 'name'],
  [{ name: 'x', scope: 'everything', days: 7 }, 'scope'],
  [{ name: 'x', scope: 'read', days: 0 }, 'days'],
  [{ name: 'x', scope: 'read', days: 366 }, 'days'],
  [{ name: 'x', scope: 'read' }, 'days'],
])('refuses %j and says which field', async (body, field) => {
  const { token } = await makeSession(product.app, {});
  const answer = await ask(token, 'POST', '/auth/api-keys', body);
  expect(answer.statusCode).toBe(422);
  expect(Object.keys(answer.json<{ errors: object }>().errors)).toEqual([field]);
});
