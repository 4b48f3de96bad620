import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LightMyRequestResponse } from 'fastify';
import { Clock } from '../../../src/platform/clock/clock.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { AccountsApi, PASSWORD } from '../../support/accounts.js';
import { codeOf } from '../../support/authenticator.js';
import { startProduct, type Product } from '../../support/product.js';
import { somewhere, Visitor } from '../../support/visitor.js';

const NEXT = 'Left-Zebra-8';
const MINUTE_MS = 60_000;

let product: Product;
const accounts = new AccountsApi(() => product);

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

const ask = async (
  token: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
  app: NestFastifyApplication = product.app,
): Promise<LightMyRequestResponse> =>
  app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    remoteAddress: somewhere(),
    ...(payload && { payload }),
  });

const profile = async (token: string): Promise<number> =>
  (await ask(token, 'GET', '/users/profile')).statusCode;
const codeIn = (answer: LightMyRequestResponse): string => answer.json<{ code: string }>().code;

async function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const clock = product.app.get(Clock, { strict: false });
  clock.now = () => new Date(Date.now() + ms);
  try {
    return await work();
  } finally {
    clock.now = () => new Date();
  }
}

async function signedIn(email: string, password = PASSWORD): Promise<Visitor> {
  const visitor = new Visitor(product.app);
  await visitor.submit('/auth/login', { email, password });
  return visitor;
}

describe('A session', () => {
  it('is listed with where it came from, and ended by its owner at once', async () => {
    const email = await accounts.verified();
    const [mine, other] = [await accounts.token(email), await accounts.token(email)];
    const { sessions } = (await ask(mine, 'GET', '/auth/sessions')).json<{
      sessions: { id: string; current: boolean; ip: string }[];
    }>();
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(sessions).toHaveLength(2);
    const [theirs] = sessions.filter(({ current }) => !current);
    expect((await ask(mine, 'DELETE', `/auth/sessions/${theirs?.id ?? ''}`)).statusCode).toBe(200);
    expect([await profile(mine), await profile(other)]).toEqual([200, 401]);
  });

  it('of somebody else is not there', async () => {
    const [mine, theirs] = [await accounts.verified(), await accounts.verified()];
    const [me, them] = [await accounts.token(mine), await accounts.token(theirs)];
    const { sessions } = (await ask(them, 'GET', '/auth/sessions')).json<{ sessions: { id: string }[] }>();
    expect((await ask(me, 'DELETE', `/auth/sessions/${sessions[0]?.id ?? ''}`)).statusCode).toBe(404);
    expect(await profile(them)).toBe(200);
  });

  it('ends everywhere else, or everywhere', async () => {
    const email = await accounts.verified();
    const tokens = [await accounts.token(email), await accounts.token(email), await accounts.token(email)];
    const [mine = '', second = '', third = ''] = tokens;
    expect((await ask(mine, 'POST', '/auth/sessions/end', { keepThis: true })).json()).toEqual({ ended: 2 });
    expect([await profile(mine), await profile(second), await profile(third)]).toEqual([200, 401, 401]);
    await ask(mine, 'POST', '/auth/sessions/end', {});
    expect(await profile(mine)).toBe(401);
  });

  it('says when it ends; to ask does not keep it, to do something does', async () => {
    const token = await accounts.token(await accounts.verified());
    const times = async (background: boolean): Promise<{ expiresAt: string; idleEndsAt: string }> =>
      (
        await product.app.inject({
          url: '/api/v1/auth/session',
          headers: { authorization: `Bearer ${token}`, ...(background && { 'x-background': '1' }) },
        })
      ).json();
    const first = await times(true);
    const asked = await later(10 * MINUTE_MS, async () => times(true));
    expect(asked).toEqual(first);
    const used = await later(10 * MINUTE_MS, async () => {
      await profile(token);
      return times(true);
    });
    expect(Date.parse(used.idleEndsAt) - Date.parse(first.idleEndsAt)).toBeGreaterThan(9 * MINUTE_MS);
    expect(used.expiresAt).toBe(first.expiresAt);
  });

  it('ends after half an hour without use, and after twelve hours with it', async () => {
    const [idle, busy] = [
      await accounts.token(await accounts.verified()),
      await accounts.token(await accounts.verified()),
    ];
    expect(await later(29 * MINUTE_MS, async () => profile(idle))).toBe(200);
    expect(await later(29 * MINUTE_MS + 31 * MINUTE_MS, async () => profile(idle))).toBe(401);
    for (let minute = 25; minute < 720; minute += 25)
      expect(await later(minute * MINUTE_MS, async () => profile(busy))).toBe(200);
    expect(await later(721 * MINUTE_MS, async () => profile(busy))).toBe(401);
  });
});

describe('Exchanging the token', () => {
  const refresh = async (token: string): Promise<string> =>
    (await ask(token, 'POST', '/auth/refresh', {})).json<{ token: string }>().token;

  it('gives a new one for the same session, and the old one is good for what was under way', async () => {
    const old = await accounts.token(await accounts.verified());
    const fresh = await refresh(old);
    expect(fresh).not.toBe(old);
    expect([await profile(fresh), await profile(old)]).toEqual([200, 200]);
  });

  it('gives tabs that ask at the same time the same one', async () => {
    const old = await accounts.token(await accounts.verified());
    const fresh = await Promise.all([1, 2, 3, 4].map(async () => refresh(old)));
    for (const token of fresh) expect(await profile(token)).toBe(200);
    await later(16_000, async () => {
      for (const token of fresh) expect(await profile(token)).toBe(200);
    });
  });

  it('ends the whole session when an old one turns up later, and records it', async () => {
    const email = await accounts.verified();
    const old = await accounts.token(email);
    const fresh = await refresh(old);
    expect(await later(16_000, async () => profile(old))).toBe(401);
    expect(await profile(fresh)).toBe(401);
    const entries = await product.app
      .get(Transactions, { strict: false })
      .manager.query<{ outcome: string }[]>(
        `select outcome from audit_entry where action = 'auth.token_reuse' and actor_email = $1`,
        [email],
      );
    expect(entries).toEqual([{ outcome: 'refused' }]);
  });

  it('gives a browser a cookie and no token', async () => {
    const visitor = await signedIn(await accounts.verified());
    const before = visitor.cookies.get('__Host-session');
    const answer = await visitor.send('POST', '/auth/refresh', {});
    expect(answer.body).not.toContain('token');
    expect(visitor.cookies.get('__Host-session')).not.toBe(before);
  });
});

describe('Changing the password', () => {
  it('needs the present one, ends every other session, and goes on under a new token', async () => {
    const email = await accounts.verified();
    const [mine, other] = [await accounts.token(email), await accounts.token(email)];
    const wrong = await ask(mine, 'PUT', '/users/profile/password', { current: 'wrong', password: NEXT });
    expect([wrong.statusCode, wrong.json()]).toMatchObject([422, { errors: { current: 'is wrong' } }]);
    const same = await ask(mine, 'PUT', '/users/profile/password', { current: PASSWORD, password: PASSWORD });
    expect(codeIn(same)).toBe('password_used_before');
    const done = await ask(mine, 'PUT', '/users/profile/password', { current: PASSWORD, password: NEXT });
    expect(done.statusCode).toBe(200);
    expect([await profile(mine), await profile(other)]).toEqual([401, 401]);
    expect(await profile(done.json<{ token: string }>().token)).toBe(200);
    expect((await accounts.signIn(email, { password: NEXT })).statusCode).toBe(200);
  });

  it('is no way to guess it', async () => {
    const email = await accounts.verified();
    const mine = await accounts.token(email);
    const codes: string[] = [];
    for (let guess = 1; guess <= 6; guess += 1)
      codes.push(
        codeIn(await ask(mine, 'PUT', '/users/profile/password', { current: 'wrong', password: NEXT })),
      );
    expect(codes).toEqual([...Array<string>(5).fill('invalid_credentials'), 'sign_in_locked']);
    expect((await accounts.signIn(email)).statusCode).toBe(429);
  });

  it('keeps a page’s form when it is refused, without the passwords', async () => {
    const visitor = await signedIn(await accounts.verified());
    const again = await visitor.submit('/users/profile/password?_method=put', {
      current: 'Wrong-Horse-1',
      password: 'weak',
    });
    expect(again.statusCode).toBe(422);
    expect(again.body).toContain('The present password is wrong.');
    expect(again.body).not.toContain('Wrong-Horse-1');
  });
});

describe('What is delicate', () => {
  const delicate = async (token: string): Promise<number[]> =>
    Promise.all([
      ask(token, 'POST', '/auth/second-factor', {}),
      ask(token, 'POST', '/auth/second-factor/recovery-codes', {}),
      ask(token, 'DELETE', '/auth/second-factor'),
      ask(token, 'POST', '/auth/api-keys', { name: 'x', scope: 'read', days: 7 }),
    ]).then((answers) => answers.map(({ statusCode }) => statusCode));

  it('asks for the password again after five minutes, and then no more for five', async () => {
    const email = await accounts.verified();
    const token = await accounts.token(email);
    expect(await delicate(token)).toEqual([200, 409, 200, 201]);
    await later(6 * MINUTE_MS, async () => {
      expect(await delicate(token)).toEqual([403, 403, 403, 403]);
      expect(codeIn(await ask(token, 'POST', '/auth/second-factor', {}))).toBe('confirmation_required');
      expect((await ask(token, 'POST', '/auth/confirm', { password: 'wrong' })).statusCode).toBe(401);
      expect(await delicate(token)).toEqual([403, 403, 403, 403]);
      expect((await ask(token, 'POST', '/auth/confirm', { password: PASSWORD })).statusCode).toBe(200);
      expect(await delicate(token)).toEqual([200, 409, 200, 201]);
    });
  });

  it('leads a browser to confirm and back', async () => {
    const visitor = await signedIn(await accounts.verified());
    await later(6 * MINUTE_MS, async () => {
      const asked = await visitor.submit('/auth/second-factor');
      expect(asked.body).toContain('Confirm that it is you');
      const wrong = await visitor.submit('/auth/confirm', { password: 'wrong', next: '/auth/second-factor' });
      expect([wrong.statusCode, wrong.body.includes('The password is wrong.')]).toEqual([401, true]);
      const back = await visitor.submit('/auth/confirm', { password: PASSWORD, next: '/auth/second-factor' });
      expect(back.body).toContain('Set up a second factor');
    });
  });
});

it('a second factor is set up on the profile page, and ends sessions that came in without it', async () => {
  const email = await accounts.verified();
  const other = await accounts.token(email);
  const visitor = await signedIn(email);
  const page = await visitor.submit('/auth/second-factor');
  const [, key = ''] = /id="enrolment-key">([A-Z2-7 ]+)</.exec(page.body) ?? [];
  const codes = await visitor.submit('/auth/second-factor/confirm', { code: codeOf(key) });
  expect(codes.body).toContain('These are shown only now.');
  expect(await profile(other)).toBe(401);
  expect((await visitor.open('/users/profile')).body).toContain('10 recovery codes');
  expect(codeIn(await accounts.signIn(email))).toBe('second_factor_required');
  const renewed = await visitor.submit('/auth/second-factor/recovery-codes');
  const [old = ''] = /(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}/.exec(codes.body) ?? [];
  const [fresh = ''] = /(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}/.exec(renewed.body) ?? [];
  expect(codeIn(await accounts.signIn(email, { code: old }))).toBe('invalid_code');
  expect((await accounts.signIn(email, { code: fresh })).statusCode).toBe(200);
  await visitor.submit('/auth/second-factor?_method=delete');
  expect((await accounts.signIn(email)).statusCode).toBe(200);
});

it('a new name is everywhere at once, on every replica', async () => {
  const email = await accounts.verified();
  const token = await accounts.token(email);
  const other = await product.replica();
  try {
    const nameAt = async (app: NestFastifyApplication): Promise<string> =>
      (await ask(token, 'GET', '/users/profile', undefined, app)).json<{ name: string }>().name;
    expect(await nameAt(other)).toBe('Grace Hopper');
    expect((await ask(token, 'PUT', '/users/profile', { name: 'Amazing Grace' })).statusCode).toBe(200);
    expect(await nameAt(product.app)).toBe('Amazing Grace');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await nameAt(other)).toBe('Amazing Grace');
    expect((await ask(token, 'PUT', '/users/profile', { name: ' \u0007 ' })).statusCode).toBe(422);
  } finally {
    await other.close();
  }
});
