import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Clock } from '../../../src/platform/clock/clock.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { AccountsApi, address, PASSWORD, tokenIn } from '../../support/accounts.js';
import { startProduct, type Product } from '../../support/product.js';
import { linkIn, somewhere, Visitor } from '../../support/visitor.js';

const NEXT = 'Left-Zebra-8';
const HOUR_MS = 3_600_000;

let product: Product;
const accounts = new AccountsApi(() => product);

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

async function resetToken(email: string): Promise<string> {
  await accounts.post('forgot', { email });
  return tokenIn(await product.mail(email));
}

const profile = async (token: string, app: NestFastifyApplication = product.app): Promise<number> =>
  (await app.inject({ url: '/api/v1/users/profile', headers: { authorization: `Bearer ${token}` } }))
    .statusCode;

it('sets a new password with a link from the mail, page by page', async () => {
  const email = await accounts.verified();
  const visitor = new Visitor(product.app);
  expect((await visitor.submit('/auth/forgot', { email })).body).toContain(
    'a mail with a link is on its way',
  );
  const link = linkIn(await product.mail(email));
  const arrival = await visitor.send('GET', link);
  expect(arrival.headers).toMatchObject({ location: '/auth/reset', 'referrer-policy': 'no-referrer' });
  const page = await visitor.open('/auth/reset');
  expect(page.body).toContain(email);
  expect(page.body).not.toContain(link.split('token=')[1] ?? '');
  const weak = await visitor.submit('/auth/reset', { email, password: 'weak' });
  expect([weak.statusCode, weak.body.includes('The password still needs')]).toEqual([422, true]);
  expect((await visitor.submit('/auth/reset', { email, password: NEXT })).body).toContain(
    'Sign in with the new one.',
  );
  expect((await accounts.signIn(email)).statusCode).toBe(401);
  expect((await accounts.signIn(email, { password: NEXT })).statusCode).toBe(200);
  expect((await product.mail(email)).subject).toBe('Your password was changed');
  expect((await visitor.open(link)).body).toContain('not good any more');
});

it('ends every session, on every replica, within a second', async () => {
  const email = await accounts.verified();
  const tokens = [await accounts.token(email), await accounts.token(email)];
  const other = await product.replica();
  try {
    for (const token of tokens) expect(await profile(token, other)).toBe(200);
    await accounts.post('reset', { token: await resetToken(email), password: NEXT });
    for (const token of tokens) expect(await profile(token)).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const token of tokens) expect(await profile(token, other)).toBe(401);
  } finally {
    await other.close();
  }
});

it('answers the same for known, unknown and suspended addresses, and refuses all of them after five times', async () => {
  const [known, unknown, suspended] = [await accounts.verified(), address(), await accounts.verified()];
  await product.app
    .get(Transactions, { strict: false })
    .manager.query(`update account set status = 'suspended' where email = $1`, [suspended]);
  const answers: string[] = [];
  for (const email of [known, unknown, suspended]) {
    for (let ask = 1; ask <= 6; ask += 1) {
      const { statusCode, body, headers } = await accounts.post('forgot', { email });
      const told = body.replaceAll(email, 'EMAIL').replace(/"requestId":"[^"]*"/, '');
      answers.push([statusCode, told, Object.keys(headers).sort().join()].join(' '));
    }
  }
  expect(answers.slice(6, 12)).toEqual(answers.slice(0, 6));
  expect(answers.slice(12)).toEqual(answers.slice(0, 6));
  expect(answers.map((answer) => answer.slice(0, 3)).slice(0, 6)).toEqual([
    '200',
    '200',
    '200',
    '200',
    '200',
    '429',
  ]);
  await product.mail(known);
  const sent = await product.app
    .get(Transactions, { strict: false })
    .manager.query<unknown[]>('select from mail where recipient = any($1) and kind = $2', [
      [unknown, suspended],
      'password.reset',
    ]);
  expect(sent).toEqual([]);
});

describe('A link', () => {
  it('is good once, for one of twenty that come at the same time', async () => {
    const email = await accounts.verified();
    const token = await resetToken(email);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        accounts.post('reset', { token, password: `Left-Zebra-${String(100 + index)}` }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array<number>(19).fill(422)]);
    expect(await accounts.post('reset', { token, password: NEXT })).toMatchObject({ statusCode: 422 });
  });

  it('is worthless once a newer one was sent', async () => {
    const email = await accounts.verified();
    const [older, newer] = [await resetToken(email), await resetToken(email)];
    expect((await accounts.post('reset', { token: older, password: NEXT })).json()).toMatchObject({
      code: 'link_invalid',
    });
    expect((await accounts.post('reset', { token: newer, password: NEXT })).statusCode).toBe(200);
  });

  it('is good for an hour', async () => {
    const email = await accounts.verified();
    const token = await resetToken(email);
    const clock = product.app.get(Clock, { strict: false });
    try {
      clock.now = () => new Date(Date.now() + HOUR_MS + 1000);
      expect((await accounts.post('reset', { token, password: NEXT })).statusCode).toBe(422);
      clock.now = () => new Date(Date.now() + HOUR_MS - 60_000);
      expect((await accounts.post('reset', { token, password: NEXT })).statusCode).toBe(200);
    } finally {
      clock.now = () => new Date();
    }
  });

  it('of another purpose sets no password', async () => {
    const email = address();
    await accounts.register(email);
    const token = tokenIn(await product.mail(email));
    expect((await accounts.post('reset', { token, password: NEXT })).statusCode).toBe(422);
    expect((await accounts.post('verify', { token })).statusCode).toBe(200);
  });

  it('of somebody who was suspended meanwhile does nothing', async () => {
    const email = await accounts.verified();
    const token = await resetToken(email);
    const { manager } = product.app.get(Transactions, { strict: false });
    await manager.query(`update account set status = 'suspended' where email = $1`, [email]);
    expect((await accounts.post('reset', { token, password: NEXT })).statusCode).toBe(422);
    await manager.query(`update account set status = 'active' where email = $1`, [email]);
    expect((await accounts.post('reset', { token, password: NEXT })).statusCode).toBe(200);
  });

  it('stands in no table', async () => {
    const token = await resetToken(await accounts.verified());
    const { manager } = product.app.get(Transactions, { strict: false });
    const rows = await manager.query<{ row: string }[]>(
      `select l::text as row from account_link l union all select m::text from mail m
       union all select e::text from audit_entry e union all select data::text from pgboss.job`,
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.filter(({ row }) => row.includes(token))).toEqual([]);
  });

  it('leads to this product, whatever Host the request for it had', async () => {
    const email = await accounts.verified();
    await product.app.inject({
      method: 'POST',
      url: '/api/v1/auth/forgot',
      payload: { email },
      remoteAddress: somewhere(),
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    });
    expect((await product.mail(email)).text).not.toContain('evil.example');
  });
});

it('takes none of the last five passwords, and the sixth again', async () => {
  const email = await accounts.verified();
  const set = async (password: string): Promise<string> => {
    // Five links an hour are the limit, so each is asked for in an hour of its own.
    const clock = product.app.get(Clock, { strict: false });
    const ahead = clock.millis() - Date.now() + HOUR_MS + 60_000;
    clock.now = () => new Date(Date.now() + ahead);
    const token = await resetToken(email);
    const answer = await accounts.post('reset', { token, password });
    if (answer.statusCode !== 200) return answer.json<{ code: string }>().code;
    await product.mail(email);
    return 'set';
  };
  try {
    const outcomes: string[] = [];
    for (const password of [
      PASSWORD,
      'Zebra-One-1',
      'Zebra-Two-2',
      PASSWORD,
      'Zebra-Three-3',
      'Zebra-Four-4',
    ])
      outcomes.push(await set(password));
    expect(outcomes).toEqual(['password_used_before', 'set', 'set', 'password_used_before', 'set', 'set']);
    expect(await set('Zebra-One-1')).toBe('password_used_before');
    expect(await set('Zebra-Five-5')).toBe('set');
    expect(await set(PASSWORD)).toBe('set');
  } finally {
    product.app.get(Clock, { strict: false }).now = () => new Date();
  }
}, 120_000);

it('opens what failed attempts have locked, for a lock must not keep the owner out', async () => {
  const email = await accounts.verified();
  const from = somewhere();
  for (let failure = 1; failure <= 5; failure += 1) await accounts.signIn(email, { password: 'wrong' }, from);
  expect((await accounts.signIn(email)).statusCode).toBe(429);
  await accounts.post('reset', { token: await resetToken(email), password: NEXT });
  expect((await accounts.signIn(email, { password: NEXT })).statusCode).toBe(200);
});

describe('A reset that a super admin forces', () => {
  it('ends sessions, and only the mailed link lets in again', async () => {
    const email = await accounts.verified();
    const token = await accounts.token(email);
    expect((await product.api('POST', '/auth/forced-resets', { email })).statusCode).toBe(200);
    expect(await profile(token)).toBe(401);
    const refused = await accounts.signIn(email);
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([
      403,
      'password_change_required',
    ]);
    const visitor = new Visitor(product.app);
    expect((await visitor.submit('/auth/login', { email, password: PASSWORD })).body).toContain(
      'A new password is needed',
    );
    await accounts.post('reset', { token: tokenIn(await product.mail(email)), password: NEXT });
    expect((await accounts.signIn(email, { password: NEXT })).statusCode).toBe(200);
  });

  it('is recorded in the organisation and in the platform’s own log', async () => {
    const email = await accounts.verified();
    await product.api('POST', '/auth/forced-resets', { email });
    const { manager } = product.app.get(Transactions, { strict: false });
    const entries = await manager.query<{ tenant_id: string | null; actor_email: string }[]>(
      `select tenant_id, actor_email from audit_entry where action = 'account.force_reset' and object_name = $1`,
      [email],
    );
    expect(entries.map(({ tenant_id }) => tenant_id === null).sort()).toEqual([false, true]);
    expect(new Set(entries.map(({ actor_email }) => actor_email))).toEqual(new Set(['admin@example.com']));
  });

  it('is nothing that an administrator of an organisation can do', async () => {
    const [mine, theirs] = [await accounts.verified(), await accounts.verified()];
    const answer = await product.app.inject({
      method: 'POST',
      url: '/api/v1/auth/forced-resets',
      headers: { authorization: `Bearer ${await accounts.token(mine)}` },
      payload: { email: theirs },
    });
    expect(answer.statusCode).toBe(403);
    expect((await accounts.signIn(theirs)).statusCode).toBe(200);
  });
});
