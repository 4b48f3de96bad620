import { AuditService } from '../../src/modules/audit/audit.service.js';
import type { Actor } from '../../src/platform/access/actor.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;
let viewer: Actor;
let token: string;

beforeAll(async () => {
  product = await startProduct();
  ({ actor: viewer, token } = await makeSession(product.app, { role: 'viewer' }));
}, 120_000);

afterAll(async () => {
  await product.close();
});

const post = async (url: string, payload: object) =>
  product.app.inject({
    method: 'POST',
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    payload,
  });
const refusals = async () => {
  const entries = await product.app
    .get(AuditService, { strict: false })
    .list(viewer, { action: 'access.refuse' });
  return entries.entries.map(({ outcome, actor_email: email, details }) => ({ outcome, email, details }));
};

it('records once what the route, and what a policy, refused to somebody; and nothing else', async () => {
  const byRoute = await post('/databases', { name: 'mine', engine: 'postgres', template: 'blank' });
  const run = { databaseId: viewer.tenantId, sql: 'select 1', asRole: 'manager' };
  const byPolicy = await post('/queries/sql', run);
  const unknown = await post('/queries/sql', { ...run, asRole: 'viewer' });
  const stranger = await product.app.inject({ method: 'POST', url: '/api/v1/databases', payload: {} });
  expect([byRoute, byPolicy, unknown, stranger].map(({ statusCode }) => statusCode)).toEqual([
    403, 403, 404, 401,
  ]);
  expect(await refusals()).toEqual([
    {
      outcome: 'refused',
      email: viewer.email,
      details: { route: 'POST /queries/sql', address: '/queries/sql', code: 'role_too_high' },
    },
    {
      outcome: 'refused',
      email: viewer.email,
      details: { route: 'POST /databases', permission: 'databases:create' },
    },
  ]);
});
