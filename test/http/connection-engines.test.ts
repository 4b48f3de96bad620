import { createConnection } from 'mysql2/promise';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ConnectionCheck,
  ConnectionRow,
} from '../../src/modules/databases/external/connections.view.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';
import { describeOnMysql, type TestServer } from '../support/servers.js';
import { relayTo, type TcpRelay } from '../support/tcp-relay.js';

let product: Product;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clouddb-sqlite-'));
  product = await startProduct({ EGRESS_ALLOW: '127.0.0.0/8', SQLITE_FOLDER: folder });
}, 120_000);

afterAll(async () => {
  await product.close();
  await rm(folder, { recursive: true, force: true });
});

const register = async (body: object): Promise<ConnectionRow> => {
  const answer = await product.api('POST', '/connections', body);
  expect([answer.statusCode, answer.json()]).toEqual([201, expect.objectContaining({ origin: 'external' })]);
  return answer.json();
};

const run = async (databaseId: string, sql: string): Promise<unknown> =>
  (await product.api('POST', '/queries/sql', { databaseId, sql })).json();

const check = async (body: object): Promise<ConnectionCheck> =>
  (await product.api('POST', '/connections/test', body)).json();

describeOnMysql('a database of MySQL or MariaDB', (server: TestServer) => {
  const tag = Math.random().toString(36).slice(2, 10);
  const database = `ext_${tag}`;
  const reader = { username: `r_${tag}`, password: 'reader-Secret-1' };
  const writer = { username: `w_${tag}`, password: 'writer-Secret-1' };
  let relay: TcpRelay;

  const admin = async (...statements: string[]): Promise<void> => {
    const connection = await createConnection({ uri: server.url });
    for (const sql of statements) await connection.query(sql);
    await connection.end();
  };
  const body = (more: object = {}): object => ({
    ...{ name: `mysql-${tag}`, engine: 'mysql', host: '127.0.0.1', port: relay.port, database },
    ...{ read: reader, write: writer, tls: 'off', environment: 'development', ...more },
  });

  beforeAll(async () => {
    relay = await relayTo(server.url);
    await admin(
      `create database ${database}`,
      `create table ${database}.orders (id int primary key, total decimal(10,2))`,
      `insert into ${database}.orders values (1, 1.50), (2, 3.00)`,
      `create user '${reader.username}'@'%' identified by '${reader.password}'`,
      `create user '${writer.username}'@'%' identified by '${writer.password}'`,
      `grant select, show view on ${database}.* to '${reader.username}'@'%'`,
      `grant select, insert, update, delete on ${database}.* to '${writer.username}'@'%'`,
    );
  });

  afterAll(async () => {
    await relay.close();
    await admin(
      `drop database ${database}`,
      `drop user '${reader.username}'@'%'`,
      `drop user '${writer.username}'@'%'`,
    );
  });

  it('is registered, read, changed, and tells what its login may do', async () => {
    const row = await register(body());
    expect(row).toMatchObject({ engine: 'mysql', readLoginWrites: [], hasWriteLogin: true });
    expect(row.engineName).toMatch(/^(?:MariaDB|MySQL) \d/);
    expect(await run(row.id, 'select total from orders order by id')).toMatchObject({
      results: [{ rows: [['1.50'], ['3.00']] }],
    });
    expect(await run(row.id, 'update orders set total = 4 where id = 2')).toMatchObject({
      results: [{ affectedRows: 1, error: null }],
    });
    const schema = await product.api('GET', `/queries/schema?databaseId=${row.id}`);
    expect(schema.body).toContain('orders');
    const writes = await register(body({ name: `mysql-writes-${tag}`, read: writer }));
    expect(writes.readLoginWrites).not.toEqual([]);
    expect(await run(writes.id, 'select 1')).toMatchObject({ code: 'approval_required' });
  });

  it('says which step of its connection fails', async () => {
    const cases = [
      ['login', { read: { ...reader, password: 'wrong' } }],
      ['database', { database: `not_${tag}` }],
      ['tls', { tls: 'verify' }],
      ['write login', { write: { ...writer, password: 'wrong' } }],
    ] as const;
    for (const [step, more] of cases) {
      const found = await check(body(more));
      expect([step, found.steps.find(({ state }) => state === 'failed')?.step]).toEqual([step, step]);
    }
    expect(await check(body())).toMatchObject({ ok: true });
  });
});

describe('a file of SQLite', () => {
  const body = (more: object = {}): object => ({
    ...{
      name: 'shop',
      engine: 'sqlite',
      database: 'shop.db',
      write: {},
      environment: 'development',
      ...more,
    },
  });

  beforeAll(() => {
    const file = new DatabaseSync(join(folder, 'shop.db'));
    file.exec('create table orders (id integer primary key, total real); insert into orders values (1, 1.5)');
    file.close();
  });

  it('is registered, read and changed, without any login', async () => {
    const { id, engineName, readLoginWrites } = await register(body());
    expect([engineName, readLoginWrites]).toEqual([expect.stringMatching(/^SQLite 3\./), []]);
    expect(await run(id, 'select total from orders')).toMatchObject({ results: [{ rows: [[1.5]] }] });
    expect(await run(id, 'update orders set total = 2 where id = 1')).toMatchObject({
      results: [{ affectedRows: 1, error: null }],
    });
    const reading = await register(body({ name: 'shop-read', write: undefined }));
    expect(await run(reading.id, 'delete from orders')).toMatchObject({ code: 'no_write_login' });
  });

  it('belongs to one organisation', async () => {
    const { token } = await makeSession(product.app, { role: 'tenant_admin' });
    const answer = await product.app.inject({
      method: 'POST',
      url: '/api/v1/connections',
      headers: { authorization: `Bearer ${token}` },
      payload: body(),
    });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([409, 'file_taken']);
  });

  it('is an ordinary file in the folder, and nothing else', async () => {
    await writeFile(
      join(folder, 'text.db'),
      'no database at all, but long enough to have a header of its own',
    );
    await symlink('/etc/passwd', join(folder, 'link.db'));
    const codes = [];
    for (const database of ['text.db', 'link.db', 'absent.db'])
      codes.push((await check(body({ database }))).code);
    expect(codes).toEqual(['no_such_database', 'path_refused', 'no_such_database']);
    for (const database of ['../shop.db', '/etc/passwd', 'a/../shop.db'])
      expect((await product.api('POST', '/connections/test', body({ database }))).statusCode).toBe(422);
  });
});
