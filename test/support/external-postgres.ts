import { withClient } from './sandbox-server.js';
import { postgresServers } from './servers.js';
import { relayTo, type TcpRelay } from './tcp-relay.js';

/** A database that is not ours: with a login that reads, one that writes, and an address of its own. */
export interface ExternalPostgres {
  readonly relay: TcpRelay;
  /** Its own address, which belongs to the product. */
  readonly url: string;
  readonly name: string;
  readonly reader: { readonly username: string; readonly password: string };
  readonly writer: { readonly username: string; readonly password: string };
  /** The body with which it is registered. */
  body(more?: object): Record<string, unknown>;
  /** Asks as the superuser. */
  admin<T extends object>(sql: string): Promise<T[]>;
  close(): Promise<void>;
}

/** Products keep people from their own servers' addresses, so it is reached through a relay. */
export async function externalPostgres(): Promise<ExternalPostgres> {
  const [server] = postgresServers();
  if (server === undefined) throw new Error('There is no PostgreSQL for tests.');
  const relay = await relayTo(server.url);
  const name = `ext_${Math.random().toString(36).slice(2, 10)}`;
  const reader = { username: `${name}_r`, password: `reader-${Math.random().toString(36).slice(2)}` };
  const writer = { username: `${name}_w`, password: `writer-${Math.random().toString(36).slice(2)}` };
  const run = async <T extends object>(database: string, sql: string): Promise<T[]> =>
    withClient(server, { database }, async (client) => (await client.query<T>(sql)).rows);
  for (const { username, password } of [reader, writer])
    await run('postgres', `create role ${username} login password '${password}'`);
  await run('postgres', `create database ${name}`);
  await run(
    name,
    `create table orders (id int primary key, total numeric not null);
     insert into orders select n, n * 1.5 from generate_series(1, 100) n;
     grant connect on database ${name} to ${reader.username}, ${writer.username};
     grant usage on schema public to ${reader.username}, ${writer.username};
     grant select on orders to ${reader.username};
     grant select, insert, update, delete on orders to ${writer.username};
     grant create on schema public to ${writer.username}`,
  );
  return {
    relay,
    url: server.url,
    name,
    reader,
    writer,
    body: (more = {}) => ({
      name,
      engine: 'postgres',
      host: '127.0.0.1',
      port: relay.port,
      database: name,
      read: reader,
      write: writer,
      tls: 'off',
      environment: 'development',
      ...more,
    }),
    admin: async (sql) => run(name, sql),
    close: async () => {
      await relay.close();
      await run('postgres', `drop database ${name} with (force)`);
      await run('postgres', `drop role ${reader.username}`);
      await run('postgres', `drop role ${writer.username}`);
    },
  };
}
