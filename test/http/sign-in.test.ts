import jwt from 'jsonwebtoken';
import { Passwords } from '../../src/modules/auth/passwords.js';
import { TenantsService } from '../../src/modules/tenants/tenants.service.js';
import { UsersService } from '../../src/modules/users/users.service.js';
import { newId } from '../../src/platform/persistence/ids.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';

const PASSWORD = 'Right-Horse-7';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

/** An account with one membership and a password. */
async function makeAccount(): Promise<string> {
  const { app } = product;
  const loose = { strict: false };
  const passwordHash = await app.get(Passwords, loose).hash(PASSWORD);
  const email = `${newId()}@example.com`;
  const users = app.get(UsersService, loose);
  const account = await users.createAccount({ email, name: 'Grace', passwordHash, platformRole: null });
  const tenant = await app.get(TenantsService, loose).create(`Tenant ${newId()}`, 'team');
  await users.addMember(account.id, tenant.id, 'developer');
  return email;
}

let place = 0;
/** A new address for each test, so that one does not lock another out. */
const somewhere = (): string => `10.0.${String(Math.floor((place += 1) / 250))}.${String(place % 250)}`;

const signIn = async (email: string, password: string, remoteAddress: string) =>
  product.app.inject({
    method: 'POST',
    url: '/api/v1/auth/login',
    payload: { email, password },
    remoteAddress,
  });

it('answers a token, when it ends and for which membership', async () => {
  const answer = await signIn(await makeAccount(), PASSWORD, somewhere());
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    token: expect.any(String) as string,
    expiresAt: expect.any(String) as string,
    membership: { role: 'developer', tenant: { name: expect.any(String) as string } },
  });
});

it('locks an account after five failures, also for the right password, and not before', async () => {
  const email = await makeAccount();
  const from = somewhere();
  for (let failure = 1; failure <= 4; failure += 1)
    expect((await signIn(email, 'wrong', from)).statusCode).toBe(401);
  expect((await signIn(email, PASSWORD, from)).statusCode).toBe(200);
  for (let failure = 1; failure <= 5; failure += 1)
    expect((await signIn(email, 'wrong', from)).statusCode).toBe(401);
  const locked = await signIn(email, PASSWORD, somewhere());
  expect(locked.statusCode).toBe(429);
  expect(locked.json()).toMatchObject({ code: 'sign_in_locked' });
  expect(Number(locked.headers['retry-after'])).toBeGreaterThan(800);
  expect((await signIn(await makeAccount(), PASSWORD, from)).statusCode).toBe(200);
});

it('lets exactly five of fifty wrong ones at once get as far as the password', async () => {
  const email = await makeAccount();
  const from = somewhere();
  const answers = await Promise.all(Array.from({ length: 50 }, async () => signIn(email, 'wrong', from)));
  expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
  expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(45);
});

it('answers the same for an account that does not exist', async () => {
  const [known, unknown] = [await makeAccount(), `${newId()}@example.com`];
  const from = [somewhere(), somewhere()] as const;
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    const [one, other] = [await signIn(known, 'wrong', from[0]), await signIn(unknown, 'wrong', from[1])];
    expect(other.statusCode).toBe(one.statusCode);
    const [mine, theirs] = [one.json<Record<string, unknown>>(), other.json<Record<string, unknown>>()];
    expect({ ...theirs, requestId: '' }).toEqual({ ...mine, requestId: '' });
  }
});

it('locks a place from which five different accounts failed', async () => {
  const from = somewhere();
  for (let other = 1; other <= 5; other += 1) await signIn(`${newId()}@example.com`, 'wrong', from);
  const email = await makeAccount();
  expect((await signIn(email, PASSWORD, from)).statusCode).toBe(429);
  expect((await signIn(email, PASSWORD, somewhere())).statusCode).toBe(200);
});

it('sets a cookie that no script and no other site can use, and no token in the body', async () => {
  const email = await makeAccount();
  const answer = await product.app.inject({
    method: 'POST',
    url: '/auth/login',
    remoteAddress: somewhere(),
    headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin' },
    payload: { email, password: PASSWORD, next: 'https://evil.example/' },
  });
  expect(answer.cookies.filter(({ value }) => value !== '')).toMatchObject([
    { name: '__Host-session', httpOnly: true, secure: true, sameSite: 'Lax', path: '/' },
  ]);
  expect(answer.json()).not.toHaveProperty('token');
  expect(answer.headers['cache-control']).toBe('no-store');
});

it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
  'leads to no other site after signing in: %s',
  async (next) => {
    const answer = await product.app.inject({
      method: 'POST',
      url: '/auth/login',
      remoteAddress: somewhere(),
      headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin' },
      payload: { email: await makeAccount(), password: PASSWORD, next },
    });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/']);
  },
);

it('takes no token but its own', async () => {
  const { token } = await makeSession(product.app, {});
  const claims = jwt.decode(token) as jwt.JwtPayload;
  const profile = async (value: string): Promise<number> =>
    (
      await product.app.inject({
        url: '/api/v1/users/profile',
        headers: { authorization: `Bearer ${value}` },
      })
    ).statusCode;
  const unsigned = `${Buffer.from('{"alg":"none","kid":"k1"}').toString('base64url')}.${token.split('.')[1] ?? ''}.`;
  expect(await profile(token)).toBe(200);
  expect(await profile(unsigned)).toBe(401);
  expect(await profile(jwt.sign(claims, 'another key', { keyid: 'k1' }))).toBe(401);
  expect(await profile(jwt.sign(claims, 'another key', { keyid: 'k1', algorithm: 'HS384' }))).toBe(401);
  expect(await profile(`${token.slice(0, -2)}xx`)).toBe(401);
  expect(await profile('')).toBe(401);
});

it('ends a saved cookie with the session, in the same second', async () => {
  const { token } = await makeSession(product.app, {});
  const cookie = `__Host-session=${token}`;
  const headers = { cookie, 'sec-fetch-site': 'same-origin', accept: 'text/html' };
  expect((await product.app.inject({ url: '/databases', headers })).statusCode).toBe(200);
  const out = await product.app.inject({ method: 'POST', url: '/auth/logout', headers });
  expect([out.statusCode, out.headers['clear-site-data']]).toEqual([303, '"cache"']);
  expect((await product.app.inject({ url: '/databases', headers })).headers.location).toBe(
    '/?next=%2Fdatabases',
  );
});
