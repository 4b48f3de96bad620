import { startProduct, type Product } from '../support/product.js';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

const policyOf = (headers: Record<string, unknown>): string => String(headers['content-security-policy']);

it('lets a page load only what is its own, with another nonce each time', async () => {
  const [first, second] = [
    await product.browse({ method: 'GET', url: '/databases' }),
    await product.browse({ method: 'GET', url: '/databases' }),
  ];
  expect(first.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
    vary: 'Accept, HX-Request, HX-Request-Type',
  });
  expect(policyOf(first.headers)).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w-]{22}'; .*frame-ancestors 'none'$/,
  );
  expect(policyOf(first.headers)).not.toContain('unsafe');
  expect(policyOf(first.headers)).not.toBe(policyOf(second.headers));
});

it.each(['/users/profile', '/nowhere'])('lets the JSON of %s load nothing at all', async (url) => {
  const { headers } = await product.api('GET', url);
  expect(headers['content-type']).toMatch(/json/);
  expect(policyOf(headers)).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  expect(headers['strict-transport-security']).toBeUndefined();
});

it('asks browsers to stay with HTTPS where that is the public address', async () => {
  const encrypted = await startProduct({ PUBLIC_URL: 'https://clouddb.example.com' });
  try {
    const { headers } = await encrypted.api('GET', '/users/profile');
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  } finally {
    await encrypted.close();
  }
});
