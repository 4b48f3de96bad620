import { Clock } from '../../../src/platform/clock/clock.js';
import { AccountsApi, address, NAMES, PASSWORD, tokenIn } from '../../support/accounts.js';
import { startProduct, type Product } from '../../support/product.js';
import { linkIn, Visitor } from '../../support/visitor.js';

const HOUR_MS = 3_600_000;

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

const accounts = new AccountsApi(() => product);

describe('A registration with a new organisation', () => {
  it('is let in as its administrator once the mailbox is proven, and not before', async () => {
    const email = address();
    const answer = await accounts.register(email);
    expect([answer.statusCode, answer.json()]).toEqual([201, { status: 'verification_required', email }]);
    const early = await accounts.signIn(email);
    expect([early.statusCode, early.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'email_unverified' }),
    ]);
    const letter = await product.mail(email);
    expect((await accounts.post('verify', { token: tokenIn(letter) })).statusCode).toBe(200);
    expect((await accounts.signIn(email)).json()).toMatchObject({
      membership: { role: 'tenant_admin', tenant: { name: 'Navy' } },
    });
  });

  it('goes in one browser from the form through the mail into the product', async () => {
    const email = address();
    const visitor = new Visitor(product.app);
    const waiting = await visitor.submit('/auth/register', {
      email,
      password: PASSWORD,
      ...NAMES,
      organisation: 'Navy',
    });
    expect(waiting.body).toContain('Verify your address');
    await product.mail(email);
    const again = await visitor.submit('/auth/verify/resend');
    expect(again.body).toContain('The mail is on its way again.');
    const page = await visitor.open(linkIn(await product.mail(email)));
    expect(page.body).toContain('Verify this address');
    const ready = await visitor.submit('/auth/verify');
    expect(ready.body).toContain('You can go on');
    const overview = await visitor.submit('/auth/login/step');
    expect(overview.body).toContain('Overview');
    expect([...visitor.cookies.keys()]).toEqual(['__Host-session']);
  });
});

describe('A link to verify an address', () => {
  it('is good once, stands in no address or page, and opening it uses nothing up', async () => {
    const email = address();
    await accounts.register(email);
    const link = linkIn(await product.mail(email));
    const visitor = new Visitor(product.app);
    const arrival = await visitor.send('GET', link);
    expect(arrival.headers).toMatchObject({ location: '/auth/verify', 'referrer-policy': 'no-referrer' });
    const page = await visitor.open(link);
    expect(page.body).toContain(email);
    expect(page.body).not.toContain(link.split('token=')[1] ?? '');
    expect((await visitor.open('/auth/verify')).body).toContain('Verify this address');
    expect((await visitor.submit('/auth/verify')).body).toContain('Your address is verified.');
    expect((await new Visitor(product.app).open(link)).body).toContain('not good any more');
    expect((await accounts.post('verify', { token: link.split('token=')[1] })).json()).toMatchObject({
      code: 'link_invalid',
    });
  });

  it('makes an older one worthless, and is good for 24 hours', async () => {
    const email = address();
    await accounts.register(email);
    const older = tokenIn(await product.mail(email));
    await accounts.post('verify/resend', { email });
    const newer = tokenIn(await product.mail(email));
    expect((await accounts.post('verify', { token: older })).statusCode).toBe(422);
    const clock = product.app.get(Clock, { strict: false });
    try {
      clock.now = () => new Date(Date.now() + 24 * HOUR_MS + 1000);
      expect((await accounts.post('verify', { token: newer })).statusCode).toBe(422);
      clock.now = () => new Date(Date.now() + 24 * HOUR_MS - 60_000);
      expect((await accounts.post('verify', { token: newer })).statusCode).toBe(200);
    } finally {
      clock.now = () => new Date();
    }
  });

  it('is used by one of twenty that come at once', async () => {
    const email = address();
    await accounts.register(email);
    const token = tokenIn(await product.mail(email));
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => accounts.post('verify', { token })),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });

  it('comes no more than five times an hour, to unknown addresses as to known ones', async () => {
    const known = address();
    await accounts.register(known);
    for (const email of [known, address()]) {
      const codes: number[] = [];
      for (let ask = 1; ask <= 6; ask += 1)
        codes.push((await accounts.post('verify/resend', { email })).statusCode);
      expect(codes).toEqual([200, 200, 200, 200, 200, 429]);
    }
  });
});

describe('An address that has an account', () => {
  it('gets the same answer, and its owner a mail that says so', async () => {
    const known = address();
    await accounts.register(known);
    const first = await product.mail(known);
    await accounts.post('verify', { token: tokenIn(first) });
    const [again, fresh] = [await accounts.register(known), await accounts.register(address())];
    expect(again.statusCode).toBe(fresh.statusCode);
    expect({ ...again.json<object>(), email: '' }).toEqual({ ...fresh.json<object>(), email: '' });
    expect(Object.keys(again.headers).sort()).toEqual(Object.keys(fresh.headers).sort());
    expect((await product.mail(known)).subject).toBe('You already have an account');
  });

  it('shows the same pages to whoever typed it', async () => {
    const known = address();
    await accounts.register(known);
    const bodies: string[] = [];
    for (const email of [known, address()]) {
      const visitor = new Visitor(product.app);
      await visitor.submit('/auth/register', { email, password: PASSWORD, ...NAMES, organisation: 'Navy' });
      const step = [...visitor.cookies].map(([name, value]) => `${name} ${String(value.length)}`);
      const page = await visitor.open('/auth/login/step');
      const resent = await visitor.submit('/auth/verify/resend');
      const text = [...step, page.body, resent.body].join('\n');
      bodies.push(text.replaceAll(email, 'EMAIL').replaceAll(/"style-nonce" content="[^"]+"/g, ''));
    }
    expect(bodies[0]).toBe(bodies[1]);
    expect(bodies[0]).toContain('Verify your address');
  });

  it('keeps its password and its organisation', async () => {
    const known = address();
    await accounts.register(known);
    await accounts.post('verify', { token: tokenIn(await product.mail(known)) });
    await accounts.post('register', {
      email: known,
      password: 'Other-Horse-8',
      ...NAMES,
      organisation: 'Pirates',
    });
    expect((await accounts.post('login', { email: known, password: 'Other-Horse-8' })).statusCode).toBe(401);
    expect((await accounts.signIn(known)).json()).toMatchObject({ membership: { tenant: { name: 'Navy' } } });
  });
});

describe('A form with mistakes', () => {
  it('comes back with what was typed and a reason beside each field, and without the password', async () => {
    const visitor = new Visitor(product.app);
    const answer = await visitor.submit('/auth/register', {
      email: 'nobody',
      password: 'Weak-Horse-x',
      firstName: 'Grace "The <b>',
      lastName: '',
      organisation: 'N',
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('Grace &quot;The &lt;b&gt;');
    expect(answer.body).toContain('value="nobody"');
    expect(answer.body).toContain('This is an e-mail address such as mara@example.com.');
    expect(answer.body).toContain('The last name has 1 to 100 characters.');
    expect(answer.body).toContain('The name has 2 to 100 characters.');
    expect(answer.body).not.toContain('Weak-Horse-x');
  });

  it.each([
    ['short', 'still needs at least 8 characters, an upper-case letter, a digit and a symbol'],
    ['Password1!', 'is among the most common ones, or one of them with little added'],
    ['Hopper-1906', 'contains your name or address'],
    [`aB3$${'x'.repeat(69)}`, 'has at most 72 bytes: letters outside of a–z take two or more'],
  ])('says what is wrong with the password %s', async (password, sentence) => {
    const answer = await accounts.post('register', {
      email: address(),
      password,
      ...NAMES,
      organisation: 'Navy',
    });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      422,
      { code: 'weak_password', errors: { password: sentence } },
    ]);
  });

  it('refuses fields that nobody asked for', async () => {
    const answer = await accounts.register(address(), { organisation: 'Navy', platformRole: 'super_admin' });
    expect(answer.statusCode).toBe(422);
  });
});
