import { Mailer } from '../../../src/platform/mail/mailer.js';
import { newId } from '../../../src/platform/persistence/ids.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { startProduct, type Product } from '../../support/product.js';
import { startMailServer, type MailServer } from '../../support/smtp.js';

const content = {
  subject: 'Verify your address',
  heading: 'Verify your address',
  paragraphs: ['Grüße aus Łódź'],
  action: { label: 'Verify', url: 'https://db.example.com/auth/verify?token=secret-of-the-link' },
  footer: 'If it was not you, do nothing.',
};

let product: Product;
let server: MailServer;

beforeAll(async () => {
  server = await startMailServer(
    (to, attempt) => {
      if (to.startsWith('busy-')) return attempt < 3 ? 451 : null;
      return to.startsWith('gone-') ? 550 : null;
    },
    {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, done) => {
        const right = username === 'us er' && password === 'p@ss/word';
        if (right) done(null, { user: 'us er' });
        else done(new Error('wrong login'));
      },
    },
  );
  product = await startProduct({
    SMTP_URL: `smtp://us%20er:p%40ss%2Fword@127.0.0.1:${String(server.port)}`,
    MAIL_FROM: 'CloudDB Manager <no-reply@db.example.com>',
  });
}, 120_000);

afterAll(async () => {
  await product.close();
  await server.close();
});

const mailer = (): Mailer => product.app.get(Mailer, { strict: false });
const transactions = (): Transactions => product.app.get(Transactions, { strict: false });
const to = (kind: string): string => `${kind}-${newId()}@example.com`;
const send = async (address: string): Promise<string> =>
  mailer().send({ kind: 'address.verify', to: address, content });

interface MailRow {
  readonly state: string;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly sealed_body: string | null;
}

async function rowOf(id: string): Promise<MailRow> {
  const [row] = await transactions().manager.query<MailRow[]>('select * from mail where id = $1', [id]);
  if (row === undefined) throw new Error('There is no such mail.');
  return row;
}

async function ended(id: string): Promise<MailRow> {
  for (const end = performance.now() + 25_000; performance.now() < end;) {
    const row = await rowOf(id);
    if (row.state !== 'waiting') return row;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The mail is still on its way.');
}

it('delivers text and HTML over SMTP, and keeps nothing of them', async () => {
  const address = to('ada');
  const id = await send(address);
  expect(await ended(id)).toMatchObject({ state: 'sent', attempts: 1, last_error: null, sealed_body: null });
  const [mail] = server.received.filter((one) => one.to === address);
  expect(mail?.raw).toContain(`Message-ID: <${id}@clouddb-manager>`);
  expect(mail?.raw).toContain('From: CloudDB Manager <no-reply@db.example.com>');
  expect(mail?.raw).toContain('Subject: Verify your address');
  expect(mail?.raw).toMatch(/Content-Type: text\/plain[^]*Content-Type: text\/html/);
});

it('keeps the text of a mail on its way where nobody can read its link', async () => {
  const address = to('busy');
  const id = await send(address);
  const row = JSON.stringify(await rowOf(id));
  expect(row).not.toContain('secret-of-the-link');
  const jobs = await transactions().manager.query<{ data: string }[]>(
    `select data::text as data from pgboss.job where name = 'mail'`,
  );
  expect(jobs.length).toBeGreaterThan(0);
  expect(JSON.stringify(jobs)).not.toContain('secret-of-the-link');
});

it('tries again after a temporary refusal until it is accepted', async () => {
  const address = to('busy');
  expect(await ended(await send(address))).toMatchObject({ state: 'sent', attempts: 3 });
  expect(server.attempts(address)).toBe(3);
  expect(server.received.filter((one) => one.to === address)).toHaveLength(1);
}, 30_000);

it('records a refusal for good, and does not try again', async () => {
  const address = to('gone');
  const row = await ended(await send(address));
  expect(row).toMatchObject({ state: 'failed', attempts: 1, sealed_body: null });
  expect(row.last_error).toContain('550');
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(server.attempts(address)).toBe(1);
});

it('sends nothing for what did not happen', async () => {
  const [lost, kept] = [to('lost'), to('kept')];
  const failing = transactions().run(async () => {
    await send(lost);
    throw new Error('It did not happen after all.');
  });
  await expect(failing).rejects.toThrow('after all');
  await ended(await send(kept));
  expect(server.received.map((one) => one.to)).toContain(kept);
  expect(server.attempts(lost)).toBe(0);
});

it('sends to one address only, whatever stands in it', async () => {
  const address = 'ada@example.com, eve@example.com';
  const row = await ended(await send(address));
  expect(row.state).toBe('failed');
  expect(server.attempts('eve@example.com')).toBe(0);
});

it('waits for a server that is down', async () => {
  const down = await startMailServer();
  await down.close();
  const other = await startProduct({
    SMTP_URL: `smtp://127.0.0.1:${String(down.port)}`,
    MAIL_FROM: 'no-reply@db.example.com',
  });
  const address = to('late');
  await other.app.get(Mailer, { strict: false }).send({ kind: 'address.verify', to: address, content });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const back = await startMailServer(() => null, { port: down.port });
  try {
    for (const end = performance.now() + 15_000; performance.now() < end && back.received.length === 0;)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(back.received.map((one) => one.to)).toEqual([address]);
  } finally {
    await other.close();
    await back.close();
  }
}, 60_000);
