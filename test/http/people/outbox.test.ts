import type { LightMyRequestResponse } from 'fastify';
import { Mailer } from '../../../src/platform/mail/mailer.js';
import { newId } from '../../../src/platform/persistence/ids.js';
import { makeSession } from '../../factories/sessions.js';
import { startProduct, type Product } from '../../support/product.js';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

const content = {
  subject: 'Hello <b>you</b>',
  heading: 'Hello',
  paragraphs: ['<script>alert(1)</script>'],
  action: { label: 'Open', url: 'http://127.0.0.1:3000/auth/verify?token=abc' },
  footer: 'Bye.',
};

/** Templates escape the sign that separates an attribute from its value. */
const plain = (html: string): string => html.replaceAll('&#x3D;', '=');

async function letterIn(one: Product): Promise<string> {
  const to = `${newId()}@example.com`;
  await one.app.get(Mailer, { strict: false }).send({ kind: 'test.mail', to, content });
  return (await one.mail(to)).id;
}

it('shows the super admin what would have been sent, with links that can be followed', async () => {
  const id = await letterIn(product);
  const list = await product.browse({ url: '/mail' });
  expect(list.body).toContain(`href="/mail/${id}"`);
  const page = await product.browse({ url: `/mail/${id}` });
  expect(plain(page.body)).toContain('href="http://127.0.0.1:3000/auth/verify?token=abc"');
  expect(page.body).not.toContain('<script>alert');
  const html = await product.browse({ url: `/mail/${id}/html` });
  expect(html.headers['content-type']).toContain('text/html');
  expect(html.headers['content-security-policy']).toMatch(/^default-src 'none'; .*sandbox/);
  expect(html.body).not.toContain('<script>alert');
});

it('is not there for anybody else', async () => {
  const id = await letterIn(product);
  const { token } = await makeSession(product.app, { role: 'tenant_admin' });
  const ask = async (url: string, headers: Record<string, string>): Promise<LightMyRequestResponse> =>
    product.app.inject({ url, headers: { accept: 'text/html', ...headers } });
  for (const url of ['/mail', `/mail/${id}`, `/mail/${id}/html`]) {
    expect((await ask(url, {})).statusCode).toBe(404);
    const admin = await ask(url, { cookie: `__Host-session=${token}` });
    expect([url, admin.statusCode]).toEqual([url, 404]);
    expect(plain(admin.body)).not.toContain('token=abc');
    expect((await product.browse({ url })).statusCode).toBe(200);
  }
});

it('takes no path for an id', async () => {
  for (const id of ['..%2f..%2fkeys', '%00', 'file:%2f%2f%2fetc%2fpasswd'])
    expect((await product.browse({ url: `/mail/${id}` })).statusCode).toBe(404);
});

it('can be read by everybody in development, where the links are needed to get on', async () => {
  const developing = await startProduct({ NODE_ENV: 'development' });
  try {
    const id = await letterIn(developing);
    const page = await developing.app.inject({ url: `/mail/${id}`, headers: { accept: 'text/html' } });
    expect([page.statusCode, plain(page.body).includes('token=abc')]).toEqual([200, true]);
  } finally {
    await developing.close();
  }
}, 60_000);
