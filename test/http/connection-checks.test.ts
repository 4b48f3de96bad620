import type { LightMyRequestResponse } from 'fastify';
import type {
  ConnectionCheck,
  ConnectionRow,
} from '../../src/modules/databases/external/connections.view.js';
import { makeSession } from '../factories/sessions.js';
import { externalPostgres, type ExternalPostgres } from '../support/external-postgres.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;
let server: ExternalPostgres;

beforeAll(async () => {
  [product, server] = await Promise.all([startProduct({ EGRESS_ALLOW: '127.0.0.0/8' }), externalPostgres()]);
}, 120_000);

afterAll(async () => {
  await product.close();
  await server.close();
});

describe('a test', () => {
  const check = async (more: object): Promise<ConnectionCheck> => {
    const answer = await product.api('POST', '/connections/test', server.body(more));
    expect(answer.statusCode).toBe(200);
    for (const { password } of [server.reader, server.writer]) expect(answer.body).not.toContain(password);
    return answer.json();
  };
  const failing = ({ steps }: ConnectionCheck): string | undefined =>
    steps.find(({ state }) => state === 'failed')?.step;

  it('passes every step of a connection that works, stored or not', async () => {
    const found = await check({});
    expect(found).toMatchObject({ ok: true, code: null, readLoginWrites: [] });
    expect(found.steps.map(({ state }) => state)).toEqual(found.steps.map(() => 'passed'));
    const made = await product.api('POST', '/connections', server.body());
    const { id } = made.json<ConnectionRow>();
    const stored = await product.api('POST', `/connections/${id}/test`);
    expect(stored.json()).toMatchObject({ ok: true });
  });

  it.each([
    ['name', { host: 'nowhere.invalid' }, 'name_not_found'],
    ['name', { host: '127.1' }, 'host_invalid'],
    ['address', { host: '10.0.0.5' }, 'address_not_allowed'],
    ['port', { port: 6379 }, 'port_not_allowed'],
    ['port', { port: 22 }, 'port_not_allowed'],
    ['tls', { tls: 'verify' }, 'tls_refused'],
    ['login', { read: { username: 'somebody', password: 'wrong' } }, 'login_failed'],
    ['database', { database: 'nowhere' }, 'no_such_database'],
    ['write login', { write: { username: 'somebody', password: 'wrong' } }, 'login_failed'],
  ])('says that it is the %s: %j', async (step, more, code) => {
    const found = await check(more);
    expect([found.ok, failing(found), found.code]).toEqual([false, step, code]);
    const refused = await product.api('POST', '/connections', server.body({ name: 'refused', ...more }));
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([422, code]);
  });

  it('is counted: who tries out more than a person would is told to wait, and recorded', async () => {
    const { token } = await makeSession(product.app, { role: 'tenant_admin' });
    const ask = async (port: number): Promise<LightMyRequestResponse> =>
      product.app.inject({
        method: 'POST',
        url: '/api/v1/connections/test',
        headers: { authorization: `Bearer ${token}` },
        payload: server.body({ host: '10.0.0.5', port }),
      });
    const answers = await Promise.all(Array.from({ length: 70 }, async (_, index) => ask(5000 + index)));
    const limited = answers.filter(({ statusCode }) => statusCode === 429);
    expect([answers.filter(({ statusCode }) => statusCode === 200).length, limited.length]).toEqual([60, 10]);
    expect(Number(limited[0]?.headers['retry-after'])).toBeGreaterThan(0);
    const audit = await product.app.inject({
      url: '/api/v1/audit?action=connection.test',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(audit.json()).toMatchObject({
      entries: expect.arrayContaining([expect.objectContaining({ outcome: 'failed' })]) as unknown,
    });
  });

  it('does not reach the product’s own servers', async () => {
    const own = [new URL(product.migrationUrl), new URL(server.url)];
    for (const { port } of own) {
      const found = await check({ port: Number(port) });
      expect([found.code, failing(found)]).toEqual(['address_not_allowed', 'address']);
    }
  });
});
