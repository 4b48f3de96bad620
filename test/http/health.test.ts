import { startProduct, type Product } from '../support/product.js';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

it('says that it lives, and which components are ready', async () => {
  expect((await product.app.inject('/health/live')).json()).toEqual({ status: 'live' });
  const ready = await product.app.inject('/health/ready');
  expect(ready.json()).toMatchObject({
    status: 'ready',
    components: [
      { name: 'management database', status: 'up' },
      { name: 'sandbox servers', status: 'up' },
    ],
  });
});

it('measures routes by their pattern, never by an id', async () => {
  await product.api('GET', '/databases/018f0000-0000-7000-8000-000000000000');
  const { body } = await product.app.inject('/metrics');
  expect(body).toContain(
    'http_request_duration_seconds_count{method="GET",route="/databases/:id",status="404"} 1',
  );
  expect(body).toContain('process_resident_memory_bytes');
  expect(body).not.toContain('018f0000');
});

it('shows metrics to this machine and to nobody else without a token', async () => {
  expect((await product.app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })).statusCode).toBe(200);
  expect((await product.app.inject({ url: '/metrics', remoteAddress: '10.1.2.3' })).statusCode).toBe(404);
});
