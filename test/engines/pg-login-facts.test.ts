import type { LoginFacts, Target } from '../../src/engines/engine.js';
import { PostgresDriver } from '../../src/engines/postgres/postgres-driver.js';
import { withClient } from '../support/sandbox-server.js';
import { postgresServers, type TestServer } from '../support/servers.js';

const PASSWORD = 'reader-Secret-1';

describe.each(postgresServers())('a login of PostgreSQL "$name"', (server: TestServer) => {
  const tag = Math.random().toString(36).slice(2, 10);
  const database = `facts_${tag}`;
  const role = `facts_reader_${tag}`;
  let driver: PostgresDriver;

  const admin = async (sql: string): Promise<void> => {
    await withClient(server, { database }, async (client) => client.query(sql));
  };

  const facts = async (): Promise<LoginFacts> => {
    const { hostname: host, port } = new URL(server.url);
    const target: Target = {
      host,
      port: Number(port),
      database,
      username: role,
      password: PASSWORD,
      tls: { mode: 'off' },
    };
    return driver.inspectLogin(target);
  };

  beforeAll(async () => {
    driver = await PostgresDriver.load();
    await withClient(server, { database: 'postgres' }, async (client) => {
      await client.query(`create role ${role} login password '${PASSWORD}'`);
      await client.query(`create database ${database}`);
    });
    await admin(`create schema app; create table app.orders (id int, total int); create sequence app.numbers;
                 revoke create on schema public from public;
                 grant usage on schema app to ${role}; grant select on all tables in schema app to ${role};
                 grant select on all sequences in schema app to ${role}`);
  });

  afterAll(async () => {
    await driver.close();
    await withClient(server, { database: 'postgres' }, async (client) => {
      await client.query(`drop database ${database} with (force)`);
      await client.query(`drop role ${role}`);
    });
  });

  it('that may only read has no right to change anything', async () => {
    expect(await facts()).toEqual({
      serverVersion: expect.stringMatching(/^1\d/) as unknown,
      writes: [],
    });
  });

  it.each([
    [
      'grant insert on app.orders to ROLE',
      'revoke insert on app.orders from ROLE',
      'rows, such as app.orders',
    ],
    [
      'grant update (total) on app.orders to ROLE',
      'revoke update (total) on app.orders from ROLE',
      'app.orders',
    ],
    ['grant truncate on app.orders to public', 'revoke truncate on app.orders from public', 'app.orders'],
    ['alter table app.orders owner to ROLE', 'alter table app.orders owner to current_user', 'app.orders'],
    ['grant update on app.numbers to ROLE', 'revoke update on app.numbers from ROLE', 'app.numbers'],
    ['grant create on schema app to ROLE', 'revoke create on schema app from ROLE', 'schema, such as app'],
    [
      `grant create on database ${database} to ROLE`,
      `revoke create on database ${database} from ROLE`,
      'schemas',
    ],
    ['grant pg_write_all_data to ROLE', 'revoke pg_write_all_data from ROLE', 'pg_write_all_data'],
    ['alter role ROLE superuser', 'alter role ROLE nosuperuser', 'superuser'],
    ['alter role ROLE createrole', 'alter role ROLE nocreaterole', 'make roles'],
  ])('is told to write after %s', async (give, take, words) => {
    await admin(give.replaceAll('ROLE', role));
    try {
      expect((await facts()).writes.join('; ')).toContain(words);
    } finally {
      await admin(take.replaceAll('ROLE', role));
      await admin(`grant select on app.orders to ${role}`);
    }
    expect((await facts()).writes).toEqual([]);
  });
});
