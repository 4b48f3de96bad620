import pg from 'pg';
import type { AskServer, Provisioner, ProvisionStep, SandboxSpec } from '../../src/engines/provisioning.js';
import type { TestServer } from './servers.js';

let made = 0;

/** A sandbox's names and limits as the product makes them; passwords and limits are arbitrary. */
export function sandboxSpec(changes: Partial<SandboxSpec> = {}): SandboxSpec {
  made += 1;
  const database = `db_t${String(process.pid)}${Math.random().toString(36).slice(2, 8)}${String(made)}`;
  return {
    database,
    writeLogin: `${database}_w`,
    readLogin: `${database}_r`,
    writePassword: 'writerSecret1',
    readPassword: 'readerSecret1',
    connectionLimit: 4,
    statementTimeoutMs: 600_000,
    idleInTransactionTimeoutMs: 300_000,
    tempFileLimitMb: 256,
    marker: `clouddb-manager test ${database}`,
    ...changes,
  };
}

export function askWith(server: TestServer): AskServer {
  return async <R extends object>(database: string | null, sql: string, parameters?: readonly unknown[]) =>
    withClient(server, { database: database ?? 'postgres' }, async (client) => {
      const result = await client.query(sql, parameters && [...parameters]);
      return result.rows as R[];
    });
}

/** Runs steps as the repository does: each on its own, those already done left out. */
export async function runSteps(server: TestServer, steps: readonly ProvisionStep[]): Promise<void> {
  await withClient(server, { database: 'postgres' }, async (admin) => {
    for (const { database, sql, unless } of steps) {
      if (unless !== undefined && ((await admin.query(unless)).rowCount ?? 0) > 0) continue;
      if (database === null) await admin.query(sql);
      else await withClient(server, { database }, async (client) => client.query(sql));
    }
  });
}

/** The lock under which the product prepares a server: test files that run side by side wait for each other. */
const PREPARE_LOCK = 7_120_432;

export async function prepareServer(server: TestServer, provisioner: Provisioner): Promise<void> {
  await withClient(server, { database: 'postgres' }, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [PREPARE_LOCK]);
    await runSteps(server, provisioner.prepareServer());
  });
}

export interface ConnectAs {
  readonly database: string;
  readonly user?: string;
  readonly password?: string;
}

export async function connect(server: TestServer, as: ConnectAs): Promise<pg.Client> {
  const url = new URL(server.url);
  url.pathname = `/${as.database}`;
  if (as.user !== undefined) url.username = as.user;
  if (as.password !== undefined) url.password = as.password;
  const client = new pg.Client({ connectionString: url.toString() });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export async function withClient<T>(
  server: TestServer,
  as: ConnectAs,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(server, as);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export const asWriter = (spec: SandboxSpec, database: string = spec.database): ConnectAs => ({
  database,
  user: spec.writeLogin,
  password: spec.writePassword,
});

export const asReader = (spec: SandboxSpec, database: string = spec.database): ConnectAs => ({
  database,
  user: spec.readLogin,
  password: spec.readPassword,
});

/** What of a sandbox is on the server: databases and logins. */
export async function traces(server: TestServer, database: string): Promise<string[]> {
  const rows = await askWith(server)<{ name: string }>(
    null,
    `select datname::text as name from pg_database where starts_with(datname, $1)
     union all select rolname::text from pg_roles where starts_with(rolname, $1) order by 1`,
    [database],
  );
  return rows.map(({ name }) => name);
}
