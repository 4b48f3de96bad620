import type { LightMyRequestResponse } from 'fastify';
import type {
  ConnectionPage,
  ConnectionRow,
  ConnectionsPage,
} from '../../src/modules/databases/external/connections.view.js';
import type { DatabasesPage } from '../../src/modules/databases/databases.view.js';
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

let made = 0;
const register = async (more: object = {}): Promise<ConnectionRow> => {
  made += 1;
  const answer = await product.api(
    'POST',
    '/connections',
    server.body({ name: `orders-${String(made)}`, ...more }),
  );
  expect([answer.statusCode, answer.json()]).toEqual([201, expect.objectContaining({ origin: 'external' })]);
  return answer.json();
};

const run = async (databaseId: string, sql: string): Promise<LightMyRequestResponse> =>
  product.api('POST', '/queries/sql', { databaseId, sql });

const secrets = (): string[] => [server.reader.password, server.writer.password];

it('is registered, seen beside what was made here, queried and changed', async () => {
  const row = await register();
  expect(row).toMatchObject({
    engine: 'postgres',
    environment: 'development',
    place: { host: '127.0.0.1', port: server.relay.port, tls: 'off', readUsername: server.reader.username },
    readLoginWrites: [],
    hasWriteLogin: true,
  });
  expect(row.engineName).toMatch(/^PostgreSQL \d/);
  const read = await run(row.id, 'select count(*) from orders');
  expect(read.json()).toMatchObject({ results: [{ rows: [[100]] }] });
  const write = await run(row.id, 'update orders set total = 0 where id = 1');
  expect(write.json()).toMatchObject({ results: [{ affectedRows: 1, error: null }] });
  const all = (await product.api('GET', '/databases')).json<DatabasesPage>();
  expect(all.databases).toContainEqual(
    expect.objectContaining({
      id: row.id,
      origin: 'external',
      environment: 'development',
      status: 'registered',
    }),
  );
  expect(all.quotas).toContainEqual(expect.objectContaining({ label: 'Databases', used: 0 }));
  const list = (await product.api('GET', '/connections')).json<ConnectionsPage>();
  expect(list.connections.map(({ id }) => id)).toContain(row.id);
  const workbench = await product.browse({ method: 'GET', url: `/workbench?databaseId=${row.id}` });
  expect(workbench.body).toContain(row.name);
  expect((await product.browse({ method: 'GET', url: '/' })).body).toContain(row.name);
  expect((await product.browse({ method: 'GET', url: '/databases' })).body).toContain(
    `/connections/${row.id}`,
  );
});

it('is taken from connection strings as well', async () => {
  const at = `127.0.0.1:${String(server.relay.port)}/${server.name}`;
  const uri = `postgres://${server.reader.username}:${server.reader.password}@${at}?sslmode=disable`;
  const writeUri = `postgres://${server.writer.username}:${server.writer.password}@${at}`;
  const answer = await product.api('POST', '/connections', {
    ...{ name: 'by-uri', engine: 'postgres', environment: 'staging', tls: 'off', uri, writeUri },
  });
  expect([answer.statusCode, answer.body]).toEqual([
    201,
    expect.not.stringContaining(server.reader.password),
  ]);
});

describe('a statement', () => {
  it('that needs approval answers 409 with why, and one that is refused 403', async () => {
    const { id } = await register({ environment: 'production' });
    const read = await run(id, 'select 1');
    expect(read.statusCode).toBe(200);
    const write = await run(id, 'update orders set total = 0 where id = 1; select 1');
    expect(write.statusCode).toBe(409);
    expect(write.json()).toMatchObject({
      code: 'approval_required',
      reasons: [
        { statement: 1, code: 'environment_rule', message: expect.stringContaining('production') as string },
      ],
    });
    const refused = await run(id, 'update orders set total = 0 where id = 1; create role x');
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([403, 'statement_refused']);
    const [{ total }] = (await server.admin<{ total: string }>('select total from orders where id = 2')) as [
      { total: string },
    ];
    expect(total).toBe('3.0');
  });

  it('that changes something answers no_write_login where there is none', async () => {
    const { id } = await register({ write: undefined });
    const answer = await run(id, 'delete from orders where id = 99');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'no_write_login']);
    expect((await run(id, 'select * from orders where id = 99')).json()).toMatchObject({
      results: [{ rowCount: 1 }],
    });
  });

  it('that reads needs approval when the login for reading can write', async () => {
    const { id, readLoginWrites } = await register({ read: server.writer, write: undefined });
    expect(readLoginWrites).toContainEqual(expect.stringContaining('public.orders'));
    const answer = await run(id, 'select 1');
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      code: 'approval_required',
      reasons: [{ code: 'read_login_can_write' }],
    });
  });

  it('runs by rules of the database’s own, once they are saved', async () => {
    const { id } = await register({ environment: 'production' });
    const { rules } = (await product.api('GET', `/connections/${id}?tab=rules`)).json<ConnectionPage>();
    const own = Object.fromEntries(
      rules.map(({ role, cells }) => [
        role,
        Object.fromEntries(cells.map((cell) => [cell.class, cell.outcome])),
      ]),
    );
    const changed = { ...own, tenant_admin: { read: 'refuse', dml: 'run', ddl: 'needs_approval' } };
    expect((await product.api('PUT', `/connections/${id}`, { rules: changed })).statusCode).toBe(200);
    expect((await run(id, 'select 1')).json()).toMatchObject({ code: 'environment_refuses' });
    expect((await run(id, 'update orders set total = 7 where id = 3')).statusCode).toBe(200);
    expect((await run(id, 'create table made (a int)')).json()).toMatchObject({ code: 'approval_required' });
    const wrong = { rules: { ...changed, viewer: { read: 'run' } } };
    expect((await product.api('PUT', `/connections/${id}`, wrong)).statusCode).toBe(422);
    expect((await product.api('PUT', `/connections/${id}`, { rules: null })).statusCode).toBe(200);
    expect((await run(id, 'select 1')).statusCode).toBe(200);
  });
});

describe('a change', () => {
  it('of the server asks for the passwords again, and sends the stored ones nowhere', async () => {
    const { id } = await register();
    const before = server.relay.accepted;
    for (const body of [{ host: 'localhost' }, { port: server.relay.port + 1 }, { tls: 'on' }]) {
      for (const [method, url] of [
        ['PUT', `/connections/${id}`],
        ['POST', `/connections/${id}/test`],
      ] as const) {
        const answer = await product.api(method, url, body);
        expect([answer.statusCode, answer.json()]).toEqual([
          422,
          expect.objectContaining({
            code: 'password_needed',
            errors: {
              'read.password': expect.any(String) as string,
              'write.password': expect.any(String) as string,
            },
          }),
        ]);
      }
    }
    expect(server.relay.accepted).toBe(before);
    const { reader: read, writer: write } = server;
    const moved = await product.api('PUT', `/connections/${id}`, { host: 'localhost', read, write });
    expect([moved.statusCode, moved.json<ConnectionRow>().place?.host]).toEqual([200, 'localhost']);
    expect((await run(id, 'select 1')).statusCode).toBe(200);
  });

  it('of name and environment keeps the rest, and counts at once', async () => {
    const { id } = await register();
    const changed = await product.api('PUT', `/connections/${id}`, {
      name: 'renamed',
      environment: 'production',
    });
    expect(changed.json()).toMatchObject({ name: 'renamed', environment: 'production', hasWriteLogin: true });
    expect((await run(id, 'delete from orders where id = 0')).statusCode).toBe(409);
    const taken = await product.api('PUT', `/connections/${id}`, { name: 'orders-1' });
    expect([taken.statusCode, taken.json<{ code: string }>().code]).toEqual([409, 'name_taken']);
  });

  it('that does not work is not stored', async () => {
    const { id } = await register();
    const answer = await product.api('PUT', `/connections/${id}`, { database: 'nowhere' });
    expect([answer.statusCode, answer.json()]).toEqual([
      422,
      expect.objectContaining({ code: 'no_such_database' }),
    ]);
    expect((await run(id, 'select 1')).statusCode).toBe(200);
  });

  it('can take the login for writing away', async () => {
    const { id } = await register();
    expect((await product.api('PUT', `/connections/${id}`, { write: null })).json()).toMatchObject({
      hasWriteLogin: false,
    });
    expect((await run(id, 'delete from orders where id = 0')).json()).toMatchObject({
      code: 'no_write_login',
    });
  });
});

it('never shows a secret, in no answer, page, audit entry or row', async () => {
  const { id } = await register();
  const urls = [`/connections/${id}`, '/connections', '/databases', '/audit'];
  const tabs = ['overview', 'rules', 'settings', 'history'].map((tab) => `/connections/${id}?tab=${tab}`);
  for (const url of [...urls, ...tabs]) {
    const bodies = [
      (await product.api('GET', url)).body,
      (await product.browse({ method: 'GET', url })).body,
    ];
    for (const body of bodies) {
      expect(body).not.toContain('v1.k1.');
      for (const secret of secrets()) expect(body).not.toContain(secret);
    }
  }
  const history = await product.browse({ method: 'GET', url: `/connections/${id}?tab=history` });
  expect(history.body).toContain('connection.register');
});

describe('removing', () => {
  it('asks for the name, forgets the logins, and frees the name', async () => {
    const { id, name } = await register();
    await run(id, 'select 1');
    expect((await product.api('DELETE', `/connections/${id}`, { confirm: 'other' })).statusCode).toBe(422);
    expect((await product.api('DELETE', `/connections/${id}`, { confirm: name })).statusCode).toBe(200);
    for (const url of [`/connections/${id}`, `/databases/${id}/row`])
      expect((await product.api('GET', url)).statusCode).toBe(404);
    expect((await run(id, 'select 1')).statusCode).toBe(404);
    expect((await register({ name })).name).toBe(name);
  });
});

it.each([
  ['socketPath', { socketPath: '/tmp/x' }],
  ['multipleStatements', { multipleStatements: true }],
  ['tenantId', { tenantId: '018f0000-0000-7000-8000-000000000000' }],
  ['ownerId', { ownerId: '018f0000-0000-7000-8000-000000000000' }],
  ['loginFacts', { loginFacts: { serverVersion: '1', writes: [] } }],
  ['read.ssl', { read: { username: 'a', password: 'b', ssl: {} } }],
  ['engine', { engine: 'oracle' }],
  ['environment', { environment: 'sandbox' }],
  ['name', { name: 'not a name' }],
  ['port', { port: '5432;x' }],
  ['tls', { tls: 'maybe' }],
])('refuses %s with its field', async (field, more) => {
  const answer = await product.api('POST', '/connections', server.body(more));
  expect([answer.statusCode, Object.keys(answer.json<{ errors: object }>().errors)]).toEqual([422, [field]]);
});
