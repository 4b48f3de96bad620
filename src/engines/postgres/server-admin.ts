import pg from 'pg';
import { runSteps } from '../provision-steps.js';
import type { AskServer, ProvisionStep, ServerAdmin } from '../provisioning.js';

const APPLICATION = 'clouddb-manager admin';
const POOL_SIZE = 4;
/** Copying a large database takes its time. */
const STATEMENT_TIMEOUT_MS = 240_000;

/** Connections with the admin login of one server; the database of the URL is the maintenance one. */
export class PostgresServerAdmin implements ServerAdmin {
  private readonly pool: pg.Pool;

  constructor(private readonly url: string) {
    this.pool = new pg.Pool({ ...settings(url), max: POOL_SIZE });
    this.pool.on('error', () => undefined);
  }

  /** Another database than the maintenance one is asked over a connection of its own. Several statements at once have no parameters and answer no rows. */
  readonly ask: AskServer = async <R extends object>(
    database: string | null,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<R[]> => {
    if (database === null) return rowsOf<R>(await this.pool.query(sql, [...parameters]));
    const client = new pg.Client(settings(inDatabase(this.url, database)));
    client.on('error', () => undefined);
    await client.connect();
    try {
      return rowsOf<R>(await client.query(sql, [...parameters]));
    } finally {
      await client.end();
    }
  };

  async run(steps: readonly ProvisionStep[]): Promise<void> {
    await runSteps(this.ask, steps);
  }

  async locked<T>(lock: number, work: () => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [lock]);
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lock]).catch(() => undefined);
      client.release();
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** The driver answers several statements with several results, whatever its types say. */
function rowsOf<R>(result: { rows: unknown[] } | { rows: unknown[] }[]): R[] {
  return Array.isArray(result) ? [] : (result.rows as R[]);
}

function settings(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: APPLICATION,
    connectionTimeoutMillis: 10_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  };
}

function inDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.toString();
}
