import { SecondFactorService } from '../../../src/modules/auth/second-factor/second-factor.service.js';
import { UsersService } from '../../../src/modules/users/users.service.js';
import { Clock } from '../../../src/platform/clock/clock.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { AccountsApi, PASSWORD, tokenIn } from '../../support/accounts.js';
import { codeOf, wrongCodeOf } from '../../support/authenticator.js';
import { startProduct, type Product } from '../../support/product.js';
import { somewhere, Visitor } from '../../support/visitor.js';
import { routesOf } from '../routes.js';

const NEXT = 'Left-Zebra-8';

let product: Product;
const accounts = new AccountsApi(() => product);

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

const clock = (): Clock => product.app.get(Clock, { strict: false });

/** Each code is good once: a test that needs another waits half a minute, by the clock of the product. */
let ahead = 0;
const nextCode = (key: string): string => {
  ahead += 30_000;
  const now = Date.now() + ahead;
  clock().now = () => new Date(Math.max(now, Date.now() + ahead));
  return codeOf(key, clock().now());
};

/** An account with a second factor, its key and its recovery codes. */
async function enrolled(): Promise<{ email: string; key: string; recoveryCodes: string[] }> {
  const email = await accounts.verified();
  const account = await product.app.get(UsersService, { strict: false }).findAccount(email);
  const factors = product.app.get(SecondFactorService, { strict: false });
  const id = account?.id ?? '';
  await factors.prepare(id);
  const key = (await factors.findUnconfirmed(id)) ?? '';
  return { email, key, recoveryCodes: await factors.confirm(id, nextCode(key)) };
}

async function askEverybody(email: string, roles: readonly string[]): Promise<void> {
  await product.app.get(Transactions, { strict: false }).manager.query(
    `update tenant set settings = $2 where id in
       (select m.tenant_id from membership m join account a on a.id = m.account_id where a.email = $1)`,
    [email, JSON.stringify({ secondFactorRoles: roles })],
  );
}

const codeIn = (answer: { json(): unknown }): string => (answer.json() as { code: string }).code;

it('asks for a code after the right password, and only then', async () => {
  const { email, key } = await enrolled();
  expect((await accounts.signIn(email, { password: 'wrong' })).json()).toMatchObject({
    code: 'invalid_credentials',
  });
  const asked = await accounts.signIn(email);
  expect([asked.statusCode, codeIn(asked)]).toEqual([401, 'second_factor_required']);
  expect((await accounts.signIn(email, { code: nextCode(key) })).statusCode).toBe(200);
});

it('takes no code twice, neither at the same time nor one after the other', async () => {
  const { email, key } = await enrolled();
  const code = nextCode(key);
  const answers = await Promise.all([1, 2, 3].map(async () => accounts.signIn(email, { code })));
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  expect(codeIn(await accounts.signIn(email, { code }))).toBe('invalid_code');
  expect((await accounts.signIn(email, { code: nextCode(key) })).statusCode).toBe(200);
});

it('takes each recovery code once, also of ten that come at once, and keeps none that could be read', async () => {
  const { email, recoveryCodes } = await enrolled();
  const [first = '', second = ''] = recoveryCodes;
  const at = somewhere();
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () => accounts.signIn(email, { code: first.toLowerCase() }, at)),
  );
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  expect(codeIn(await accounts.signIn(email, { code: first }))).toBe('invalid_code');
  expect((await accounts.signIn(email, { code: second })).statusCode).toBe(200);
  const rows = await product.app
    .get(Transactions, { strict: false })
    .manager.query<{ row: string }[]>(
      'select r::text as row from recovery_code r union all select f::text from second_factor f',
    );
  const plain = recoveryCodes.flatMap((code) => [code, code.replaceAll('-', '')]);
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter(({ row }) => plain.some((code) => row.includes(code)))).toEqual([]);
});

describe('Guessing codes', () => {
  it('locks the account after five, however many sign-ins they belong to and from wherever they come', async () => {
    const { email, key } = await enrolled();
    const codes: string[] = [];
    for (let guess = 1; guess <= 6; guess += 1)
      codes.push(codeIn(await accounts.signIn(email, { code: wrongCodeOf(key, clock().now()) })));
    expect(codes).toEqual([...Array<string>(5).fill('invalid_code'), 'sign_in_locked']);
    expect((await accounts.signIn(email, { code: nextCode(key) })).statusCode).toBe(429);
  });

  it('is not forgotten because the password was right in between', async () => {
    const { email, key } = await enrolled();
    const outcomes: string[] = [];
    for (let guess = 1; guess <= 5; guess += 1) {
      outcomes.push(codeIn(await accounts.signIn(email)));
      outcomes.push(codeIn(await accounts.signIn(email, { code: wrongCodeOf(key, clock().now()) })));
    }
    expect(outcomes.filter((code) => code === 'second_factor_required')).toHaveLength(5);
    expect(codeIn(await accounts.signIn(email))).toBe('sign_in_locked');
  });

  it('does not lock whoever gives the password often and finds the device later', async () => {
    const { email, key } = await enrolled();
    for (let ask = 1; ask <= 8; ask += 1)
      expect(codeIn(await accounts.signIn(email))).toBe('second_factor_required');
    expect((await accounts.signIn(email, { code: nextCode(key) })).statusCode).toBe(200);
  });
});

describe('Between password and code', () => {
  it('no route of the product lets anybody through', async () => {
    const { email, key } = await enrolled();
    const visitor = new Visitor(product.app);
    const step = await visitor.submit('/auth/login', { email, password: PASSWORD });
    expect(step.body).toContain('Second factor');
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const token = visitor.cookies.get('__Host-sign-in-step') ?? '';
    expect(token).not.toBe('');
    const closed = routesOf(product.app).filter(({ access }) => access !== 'public');
    for (const { method, path } of closed) {
      const url = path.replaceAll(/:\w+/g, '018f0000-0000-7000-8000-000000000000');
      const page = await product.app.inject({
        method: method as 'GET',
        url,
        headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', cookie },
      });
      expect([method, path, page.statusCode]).toEqual([method, path, method === 'GET' ? 303 : 401]);
      const crossed = await product.app.inject({
        method: method as 'GET',
        url: `/api/v1${url}`,
        headers: { authorization: `Bearer ${token}` },
      });
      expect([method, path, crossed.statusCode]).toEqual([method, path, 401]);
      const asSession = await product.app.inject({
        method: method as 'GET',
        url,
        headers: {
          accept: 'application/json',
          'sec-fetch-site': 'same-origin',
          cookie: `__Host-session=${token}`,
        },
      });
      expect([method, path, asSession.statusCode]).toEqual([method, path, 401]);
    }
    expect(closed.length).toBeGreaterThan(30);
    const inside = await visitor.submit('/auth/login/step', { code: nextCode(key) });
    expect(inside.body).toContain('Overview');
  }, 60_000);

  it('a wrong code leaves the page and says so', async () => {
    const { email, key } = await enrolled();
    const visitor = new Visitor(product.app);
    await visitor.submit('/auth/login', { email, password: PASSWORD });
    const wrong = await visitor.submit('/auth/login/step', { code: wrongCodeOf(key, clock().now()) });
    expect([wrong.statusCode, wrong.body.includes('This code is wrong')]).toEqual([401, true]);
    expect((await visitor.submit('/auth/login/step', { code: nextCode(key) })).body).toContain('Overview');
  });

  it('a new password ends the sign-in that began with the old one', async () => {
    const { email, key } = await enrolled();
    const visitor = new Visitor(product.app);
    await visitor.submit('/auth/login', { email, password: PASSWORD });
    await accounts.post('forgot', { email });
    await accounts.post('reset', { token: tokenIn(await product.mail(email)), password: NEXT });
    const late = await visitor.send('POST', '/auth/login/step', { code: nextCode(key) });
    expect(late.statusCode).toBe(401);
  });
});

it('is still asked for after the password was reset', async () => {
  const { email, key } = await enrolled();
  await accounts.post('forgot', { email });
  await accounts.post('reset', { token: tokenIn(await product.mail(email)), password: NEXT });
  expect(codeIn(await accounts.signIn(email, { password: NEXT }))).toBe('second_factor_required');
  expect((await accounts.signIn(email, { password: NEXT, code: nextCode(key) })).statusCode).toBe(200);
});

describe('An organisation that asks for a second factor', () => {
  it('lets nobody of the role in before one is set up, and then does, with recovery codes shown once', async () => {
    const email = await accounts.verified();
    await askEverybody(email, ['tenant_admin']);
    expect(codeIn(await accounts.signIn(email))).toBe('second_factor_enrolment_required');
    const visitor = new Visitor(product.app);
    const page = await visitor.submit('/auth/login', { email, password: PASSWORD });
    const [, key = ''] = /id="enrolment-key">([A-Z2-7 ]+)</.exec(page.body) ?? [];
    expect(key).toHaveLength(39);
    const wrong = await visitor.submit('/auth/login/step', { code: wrongCodeOf(key, clock().now()) });
    expect([wrong.statusCode, wrong.body.includes(key)]).toEqual([401, true]);
    const codes = await visitor.submit('/auth/login/step', { code: nextCode(key) });
    expect(codes.body).toContain('These are shown only now.');
    expect((await visitor.open('/')).body).toContain('Overview');
    const [recovery = ''] = /(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}/.exec(codes.body) ?? [];
    expect((await accounts.signIn(email, { code: recovery })).statusCode).toBe(200);
  });

  it('asks only the roles that it names', async () => {
    const email = await accounts.verified();
    await askEverybody(email, ['viewer', 'developer']);
    expect((await accounts.signIn(email)).statusCode).toBe(200);
  });
});
