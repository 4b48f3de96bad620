import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobScheduler } from '../../src/platform/jobs/job-scheduler.js';
import { permissionsOf, PERMISSIONS } from '../../src/platform/access/permissions.js';
import { ROLES } from '../../src/platform/access/roles.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';
import { routesOf, type Route } from './routes.js';

let product: Product;
let routes: Route[];

beforeAll(async () => {
  product = await startProduct();
  routes = routesOf(product.app);
}, 120_000);

afterAll(async () => {
  await product.close();
});

/** Compares with a committed file; `UPDATE_EXPECTATIONS=1` writes it, for the diff to be reviewed. */
function expectFile(name: string, lines: readonly string[]): void {
  const path = join(import.meta.dirname, name);
  const text = `${lines.join('\n')}\n`;
  if (process.env['UPDATE_EXPECTATIONS'] === '1') writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

it('every route says who may use it, as committed', () => {
  expectFile(
    'access.expected.txt',
    routes.map(({ method, path, access }) => `${method} ${path} -> ${access}`),
  );
  expect(routes.filter(({ access }) => access === 'nothing')).toEqual([]);
});

it('the schedule of the whole system is as committed', () => {
  const table = product.app.get(JobScheduler, { strict: false }).table();
  expectFile(
    'schedule.expected.txt',
    table.map(({ name, schedule }) => `${name}: ${schedule}`),
  );
});

it('every permission is asked for by some route, or belongs to the platform alone', () => {
  const used = new Set(routes.map(({ access }) => access));
  expect(PERMISSIONS.filter((permission) => !used.has(permission))).toEqual(['overview:read']);
});

it('a stranger is refused at every route that is not public, in each face', async () => {
  const closed = routes.filter(({ access }) => access !== 'public');
  for (const { method, path } of closed) {
    const url = path.replaceAll(/:\w+/g, '018f0000-0000-7000-8000-000000000000');
    const api = await product.app.inject({ method: method as 'GET', url: `/api/v1${url}` });
    expect([method, path, api.statusCode]).toEqual([method, path, 401]);
    expect(api.headers['content-type']).toContain('application/problem+json');
    const page = await product.app.inject({ method: method as 'GET', url, headers: { accept: 'text/html' } });
    expect([method, path, page.statusCode]).toEqual([method, path, method === 'GET' ? 303 : 401]);
  }
  expect(closed.length).toBeGreaterThan(20);
});

it('each role is let through exactly where its permissions say', async () => {
  let cells = 0;
  for (const role of ROLES) {
    const session = await makeSession(product.app, { role });
    for (const { method, path, access } of routes) {
      if (access === 'public') continue;
      const url = `/api/v1${path.replaceAll(/:\w+/g, '018f0000-0000-7000-8000-000000000000')}`;
      const authorization = `Bearer ${(await makeSession(product.app, { actor: session.actor })).token}`;
      const answer = await product.app.inject({ method: method as 'GET', url, headers: { authorization } });
      const allowed = permissionsOf(role, null).has(access as never);
      expect([role, method, path, answer.statusCode === 403]).toEqual([role, method, path, !allowed]);
      expect(answer.statusCode).not.toBe(401);
      expect(answer.statusCode).toBeLessThan(500);
      cells += 1;
    }
  }
  expect(cells).toBe(ROLES.length * routes.filter(({ access }) => access !== 'public').length);
}, 120_000);

const FOREIGN: readonly Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
];

describe('cross-site requests', () => {
  const unsafe = (): Route[] => routes.filter(({ method }) => method !== 'GET');

  it('are refused at every unsafe route', async () => {
    for (const { method, path } of unsafe()) {
      for (const headers of FOREIGN) {
        const answer = await product.app.inject({
          method: method as 'POST',
          url: path,
          headers: { accept: 'text/html', ...headers },
        });
        expect([method, path, headers, answer.statusCode]).toEqual([method, path, headers, 403]);
      }
    }
  });

  it('of one’s own site go on to the handler', async () => {
    for (const { method, path } of unsafe().filter((route) => route.path.includes(':'))) {
      const url = path.replaceAll(/:\w+/g, '018f0000-0000-7000-8000-000000000000');
      const answer = await product.browse({ method: method, url });
      expect([method, path, answer.statusCode]).not.toEqual([method, path, 403]);
    }
  });
});

it('a cookie counts for nothing under /api/v1, and a Bearer token for nothing outside of it', async () => {
  const { token } = await makeSession(product.app, {});
  const bearer = { authorization: `Bearer ${token}` };
  const ask = async (url: string, headers: Record<string, string>): Promise<number> =>
    (await product.app.inject({ url, headers: { accept: 'application/json', ...headers } })).statusCode;
  expect(await ask('/api/v1/users/profile', bearer)).toBe(200);
  expect(await ask('/users/profile', bearer)).toBe(401);
  expect(await ask('/users/profile', { cookie: `__Host-session=${token}` })).toBe(200);
  expect(await ask('/api/v1/users/profile', { cookie: `__Host-session=${token}` })).toBe(401);
});
