import { SessionsRepository } from '../../../src/modules/auth/sessions.repository.js';
import { UsersService } from '../../../src/modules/users/users.service.js';
import type { Actor } from '../../../src/platform/access/actor.js';
import { makeTenant } from '../../factories/people.js';
import { makeSession } from '../../factories/sessions.js';
import { startProduct, type Product } from '../../support/product.js';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

const ask = async (token: string, url: string, body?: object) =>
  product.app.inject({
    method: body === undefined ? 'GET' : 'POST',
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    ...(body && { payload: body }),
  });

async function joinAnother(actor: Actor): Promise<{ id: string; name: string }> {
  const tenant = await makeTenant(product.app);
  await product.app.get(UsersService, { strict: false }).addMember(actor.accountId, tenant.id, 'viewer');
  return tenant;
}

it('goes on in the other organisation with the role there, and the first session is over', async () => {
  const { actor, token } = await makeSession(product.app, { role: 'tenant_admin' });
  const other = await joinAnother(actor);
  const answer = await ask(token, '/auth/switch', { tenantId: other.id });
  expect(answer.statusCode).toBe(200);
  const { token: fresh } = answer.json<{ token: string }>();
  expect((await ask(fresh, '/users/profile')).json()).toMatchObject({
    membership: { role: 'viewer', tenant: { id: other.id } },
  });
  expect((await ask(token, '/users/profile')).statusCode).toBe(401);
});

it('does not put off the end of the session', async () => {
  const { actor, token } = await makeSession(product.app, {});
  const other = await joinAnother(actor);
  const sessions = product.app.get(SessionsRepository, { strict: false });
  const claims = (value: string): { sid: string } =>
    JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString()) as { sid: string };
  const before = await sessions.find(claims(token).sid);
  const { token: fresh } = (await ask(token, '/auth/switch', { tenantId: other.id })).json<{
    token: string;
  }>();
  const after = await sessions.find(claims(fresh).sid);
  expect(after?.id).not.toBe(before?.id);
  expect(after?.expiresAt).toEqual(before?.expiresAt);
});

it('finds no organisation that one does not belong to, and the session goes on', async () => {
  const { token } = await makeSession(product.app, {});
  const foreign = await makeTenant(product.app);
  expect((await ask(token, '/auth/switch', { tenantId: foreign.id })).statusCode).toBe(404);
  expect((await ask(token, '/users/profile')).statusCode).toBe(200);
});

it('gives a browser a cookie and no token', async () => {
  const { actor, token } = await makeSession(product.app, {});
  const other = await joinAnother(actor);
  const answer = await product.app.inject({
    method: 'POST',
    url: '/auth/switch',
    headers: { cookie: `__Host-session=${token}`, accept: 'text/html', 'sec-fetch-site': 'same-origin' },
    payload: { tenantId: other.id },
  });
  expect([answer.statusCode, answer.headers.location]).toEqual([303, '/']);
  expect(answer.cookies).toMatchObject([{ name: '__Host-session', httpOnly: true, secure: true }]);
  expect(answer.cookies[0]?.value).not.toBe(token);
  expect(answer.body).not.toContain('token');
});
