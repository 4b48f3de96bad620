import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';

/** How to reach a sandbox server with its admin login. The database of the URL is the maintenance one. */
export interface SandboxSource {
  readonly serverId: string;
  readonly url: string;
}

/** One statement, on the maintenance database unless another one is named. */
export interface SandboxStep {
  readonly database: string | null;
  readonly sql: string;
  readonly unless?: string;
}

const APPLICATION = 'clouddb-manager admin';
const POOL_SIZE = 4;
/** Copying a large database takes its time. */
const STATEMENT_TIMEOUT_MS = 240_000;

/** Connections with the admin login of sandbox servers. Only the platform's own statements run here, never a person's. */
@Injectable()
export class SandboxSources implements OnApplicationShutdown {
  private readonly pools = new Map<string, { url: string; pool: pg.Pool }>();

  /**
   * Runs on the maintenance database, or on `database`, over a connection of its own. Several statements at once have
   * no parameters and answer no rows.
   */
  async query<T extends pg.QueryResultRow>(
    source: SandboxSource,
    database: string | null,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<T[]> {
    if (database === null) return rowsOf(await this.poolOf(source).query<T>(sql, [...parameters]));
    const client = new pg.Client({
      ...settings(inDatabase(source.url, database)),
      application_name: APPLICATION,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return rowsOf(await client.query<T>(sql, [...parameters]));
    } finally {
      await client.end();
    }
  }

  /** Runs statements one after the other, each on its own; those whose `unless` finds a row are left out. */
  async runSteps(source: SandboxSource, steps: readonly SandboxStep[]): Promise<void> {
    for (const { database, sql, unless } of steps) {
      if (unless !== undefined && (await this.query(source, null, unless)).length > 0) continue;
      await this.query(source, database, sql);
    }
  }

  /** Runs `work` while no other replica holds the same lock on that server. */
  async locked<T>(source: SandboxSource, lock: number, work: () => Promise<T>): Promise<T> {
    const client = await this.poolOf(source).connect();
    try {
      await client.query('select pg_advisory_lock($1)', [lock]);
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lock]).catch(() => undefined);
      client.release();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.pools.values()].map(async ({ pool }) => pool.end()));
  }

  private poolOf({ serverId, url }: SandboxSource): pg.Pool {
    const known = this.pools.get(serverId);
    if (known?.url === url) return known.pool;
    void known?.pool.end();
    const pool = new pg.Pool({ ...settings(url), application_name: APPLICATION, max: POOL_SIZE });
    pool.on('error', () => undefined);
    this.pools.set(serverId, { url, pool });
    return pool;
  }
}

/** The driver answers several statements with several results, whatever its types say. */
function rowsOf<T extends pg.QueryResultRow>(result: pg.QueryResult<T> | pg.QueryResult<T>[]): T[] {
  return Array.isArray(result) ? [] : result.rows;
}

function settings(url: string): pg.ClientConfig {
  return {
    connectionString: url,
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
