import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createConnection, type Connection } from 'mysql2/promise';
import type { SandboxSpec } from '../../src/engines/provisioning.js';
import type { Target } from '../../src/engines/engine.js';
import type { TestServer } from './servers.js';

export interface MysqlLogin {
  readonly user: string;
  readonly password: string;
  readonly database?: string;
}

export const asWriter = (spec: SandboxSpec, database: string = spec.database): MysqlLogin => ({
  user: spec.writeLogin,
  password: spec.writePassword,
  database,
});

export const asReader = (spec: SandboxSpec, database: string = spec.database): MysqlLogin => ({
  user: spec.readLogin,
  password: spec.readPassword,
  database,
});

export function targetOf(server: TestServer, login: MysqlLogin): Target {
  const { hostname, port } = new URL(server.url);
  const { user: username, password, database = '' } = login;
  return { host: hostname, port: Number(port), database, username, password, tls: { mode: 'off' } };
}

/** A login's own connection, as a program of a tenant opens it. */
export async function connectAs(server: TestServer, login: MysqlLogin): Promise<Connection> {
  const { hostname: host, port } = new URL(server.url);
  const connection = await createConnection({ host, port: Number(port), ...login, rowsAsArray: true });
  connection.on('error', () => undefined);
  return connection;
}

/** Rows of the last of the statements. */
export async function withLogin<T = unknown[]>(
  server: TestServer,
  login: MysqlLogin,
  ...statements: readonly string[]
): Promise<T[]> {
  const connection = await connectAs(server, login);
  try {
    let rows: unknown = [];
    for (const statement of statements) [rows] = await connection.query(statement);
    return rows as T[];
  } finally {
    await connection.end();
  }
}

/** Runs SQL with a client that knows nothing of the product; rejects with what it said. */
export async function mariadbClient(server: TestServer, login: MysqlLogin, sql: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const { user, password, database } = login;
  const where = ['--no-defaults', '-h', hostname, '-P', port, '-u', user, '--protocol=tcp', '--skip-ssl'];
  const env = { PATH: process.env['PATH'], MYSQL_PWD: password, LC_ALL: 'C' };
  const args = [...where, '-N', '-B', '-e', sql, ...(database === undefined ? [] : [database])];
  return (await promisify(execFile)('mariadb', args, { env })).stdout.trim();
}
