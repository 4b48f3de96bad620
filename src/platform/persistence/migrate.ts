import pg from 'pg';
import { DataSource } from 'typeorm';
import { MANAGEMENT_MIGRATIONS } from './management-migrations.js';

/** Any number will do as long as every replica uses the same one. */
const MIGRATION_LOCK = 7_120_431;

/** Tables on which the application's login may only INSERT and SELECT. */
const APPEND_ONLY = ['audit_entry', 'audit_link', 'audit_checkpoint', 'request_event'];

export interface MigrateOptions {
  /** The owner's URL: makes and changes tables. */
  readonly migrationUrl: string;
  /** The application's URL; when its user differs from the owner it is granted what it needs and no more. */
  readonly applicationUrl: string;
  /** Run with the owner's login after the tables stand and before the grants: schemas of libraries. */
  readonly prepare?: (migrationUrl: string) => Promise<void>;
}

function migrationSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    migrations: [...MANAGEMENT_MIGRATIONS],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    applicationName: 'clouddb-manager migrate',
    poolSize: 2,
  });
}

/** Brings the management database to this version. Replicas that start together wait for one another. */
export async function migrate(options: MigrateOptions): Promise<number> {
  return withLock(options.migrationUrl, async (client) => {
    const source = await migrationSource(options.migrationUrl).initialize();
    try {
      const done = await source.runMigrations();
      await options.prepare?.(options.migrationUrl);
      await grantApplication(client, options);
      return done.length;
    } finally {
      await source.destroy();
    }
  });
}

/** Takes back the newest migration. */
export async function revert(migrationUrl: string): Promise<void> {
  await withLock(migrationUrl, async () => {
    const source = await migrationSource(migrationUrl).initialize();
    try {
      await source.undoLastMigration();
    } finally {
      await source.destroy();
    }
  });
}

async function withLock<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'clouddb-manager migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The application reads and writes rows; it owns nothing, cannot TRUNCATE, and appends to the audit only. */
async function grantApplication(client: pg.Client, options: MigrateOptions): Promise<void> {
  const user = decodeURIComponent(new URL(options.applicationUrl).username);
  if (user === decodeURIComponent(new URL(options.migrationUrl).username)) return;
  const role = pg.escapeIdentifier(user);
  const schemas = await client.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspname in ('public', 'pgboss')",
  );
  for (const { name } of schemas.rows) {
    const schema = pg.escapeIdentifier(name);
    await client.query(`
      grant usage on schema ${schema} to ${role};
      grant select, insert, update, delete on all tables in schema ${schema} to ${role};
      grant usage, select on all sequences in schema ${schema} to ${role};
      grant execute on all functions in schema ${schema} to ${role}`);
  }
  const present = await client.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relname = any($1)",
    [[...APPEND_ONLY, 'schema_migration']],
  );
  for (const { name } of present.rows) {
    await client.query(`revoke update, delete, truncate on ${pg.escapeIdentifier(name)} from ${role}`);
  }
}
