import type { Connection, QueryError, RowDataPacket } from 'mysql2';
import { ConnectionPool, type PooledConnection } from '../connection-pool.js';
import type { Target } from '../engine.js';
import { runSteps } from '../provision-steps.js';
import type { AskServer, ProvisionStep, ServerAdmin } from '../provisioning.js';
import { open } from './connect.js';

const DEFAULT_PORT = 3306;
const LOCK_SECONDS = 300;
/** The thread that was to be ended has ended by itself. */
const UNKNOWN_THREAD = 1094;
const UNKNOWN_VARIABLE = 1193;

/** Texts are read as everywhere, copies keep zeros in numbered columns, long lists of columns fit, and nobody waits for ever. */
const MODES = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO';
const SESSION = `set names utf8mb4, session sql_mode = '${MODES}', @clouddb_sql_mode = '${MODES}',
  time_zone = '+00:00', group_concat_max_len = 1048576, lock_wait_timeout = 60`;
/** MySQL would answer with sizes of yesterday. */
const FRESH_STATISTICS = 'set session information_schema_stats_expiry = 0';

/** Connections with the admin login of one server; a list of steps runs on one of them. */
export class MysqlServerAdmin implements ServerAdmin {
  private readonly pool: ConnectionPool<AdminConnection>;

  constructor(url: string) {
    const target = targetOf(url);
    this.pool = new ConnectionPool(
      async () => AdminConnection.open(target),
      () => undefined,
    );
  }

  readonly ask: AskServer = async (database, sql, parameters) =>
    this.leased(async (connection) => connection.ask(database, sql, parameters));

  async run(steps: readonly ProvisionStep[]): Promise<void> {
    await this.leased(async (connection) => {
      await runSteps(async (database, sql) => connection.ask(database, sql), steps);
    });
  }

  async locked<T>(lock: number, work: () => Promise<T>): Promise<T> {
    return this.leased(async (connection) => {
      const name = `clouddb-manager ${String(lock)}`;
      const [row] = await connection.ask<{ taken: number | null }>(null, 'select get_lock(?, ?) as taken', [
        name,
        LOCK_SECONDS,
      ]);
      if (row?.taken !== 1) throw new Error('Another replica works on this server for too long.');
      try {
        return await work();
      } finally {
        await connection.ask(null, 'select release_lock(?)', [name]).catch(() => undefined);
      }
    });
  }

  async close(): Promise<void> {
    this.pool.close();
    return Promise.resolve();
  }

  /** What failed in the middle of its work may have left its session in any state. */
  private async leased<T>(work: (connection: AdminConnection) => Promise<T>): Promise<T> {
    const lease = await this.pool.lease();
    let clean = false;
    try {
      const result = await work(lease.connection);
      clean = true;
      return result;
    } finally {
      lease.release(clean);
    }
  }
}

class AdminConnection implements PooledConnection {
  usable = true;

  private constructor(private readonly connection: Connection) {
    for (const event of ['error', 'end'] as const) {
      connection.on(event, () => {
        this.usable = false;
      });
    }
  }

  static async open(target: Target): Promise<AdminConnection> {
    const made = new AdminConnection(await open(target, undefined));
    await made.send(SESSION);
    await made.send(FRESH_STATISTICS).catch((error: unknown) => {
      if ((error as QueryError).errno !== UNKNOWN_VARIABLE) throw error;
    });
    return made;
  }

  /** Values go beside the text, never into it: how the server reads quotes and backslashes does not matter for them. */
  async ask<R extends object>(
    database: string | null,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<R[]> {
    // Each time: a database that was dropped and made again in between is no longer the chosen one.
    if (database !== null) await this.send(`use \`${database.replaceAll('`', '``')}\``);
    const answer = await (parameters.length === 0 ? this.send(sql) : this.execute(sql, parameters));
    return (Array.isArray(answer) ? answer : []) as R[];
  }

  close(): void {
    this.connection.destroy();
  }

  private async send(sql: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = settled(resolve, reject);
      this.connection.query(sql, settle);
    });
  }

  private async execute(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = settled(resolve, reject);
      this.connection.execute(sql, parameters as (string | number | null)[], settle);
    });
  }
}

function settled(
  resolve: (rows: unknown) => void,
  reject: (error: Error) => void,
): (error: QueryError | null, rows: RowDataPacket[]) => void {
  return (error, rows) => {
    if (error === null || error.errno === UNKNOWN_THREAD) resolve(rows);
    else reject(error);
  };
}

/** `mysql://user:password@host:port/?sslmode=…`, with the same words for TLS as for PostgreSQL. */
function targetOf(url: string): Target {
  const { hostname, port, username, password, searchParams } = new URL(url);
  const mode = searchParams.get('sslmode') ?? 'disable';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? DEFAULT_PORT : Number(port),
    database: '',
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    tls: { mode: mode.startsWith('verify') ? 'verify' : mode === 'disable' ? 'off' : 'on' },
  };
}
