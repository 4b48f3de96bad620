import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { prepareQueue } from '../../src/platform/jobs/queue.js';
import { migrate } from '../../src/platform/persistence/migrate.js';
import { withClient } from './sandbox-server.js';
import { managementServer } from './servers.js';

const TEMPLATE = 'management_template';
const APPLICATION = 'clouddb_app';
const TEMPLATE_LOCK = 7_120_432;

/** A management database of one's own, migrated and empty. */
export interface ManagementDatabase extends AsyncDisposable {
  /** With the application's login, which owns nothing. */
  readonly url: string;
  /** With the owner's login. */
  readonly migrationUrl: string;
  drop(): Promise<void>;
}

/** Copies the template that the first caller of a test run migrates; the copy takes some 50 ms. */
export async function managementDatabase(): Promise<ManagementDatabase> {
  const name = `management_${randomBytes(6).toString('hex')}`;
  await withAdmin(async (admin) => {
    await ensureTemplate(admin);
    await admin.query(`create database ${name} template ${TEMPLATE}`);
  });
  const drop = async (): Promise<void> =>
    withAdmin(async (admin) => {
      await admin.query(`drop database if exists ${name} with (force)`);
    });
  return { url: applicationUrl(name), migrationUrl: ownerUrl(name), drop, [Symbol.asyncDispose]: drop };
}

async function ensureTemplate(admin: pg.Client): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const found = await admin.query('select from pg_database where datname = $1', [TEMPLATE]);
    if (found.rowCount === 0) await makeTemplate(admin);
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

/** The name is given last, so that a template that was cut off while it was made is not taken for a whole one. */
async function makeTemplate(admin: pg.Client): Promise<void> {
  const draft = `${TEMPLATE}_draft`;
  const role = await admin.query('select from pg_roles where rolname = $1', [APPLICATION]);
  if (role.rowCount === 0) await admin.query(`create role ${APPLICATION} login password '${APPLICATION}'`);
  await admin.query(`drop database if exists ${draft} with (force)`);
  await admin.query(`create database ${draft}`);
  await migrate({
    migrationUrl: ownerUrl(draft),
    applicationUrl: applicationUrl(draft),
    prepare: prepareQueue,
  });
  await admin.query(`alter database ${draft} allow_connections false`);
  await admin.query(`alter database ${draft} rename to ${TEMPLATE}`);
}

async function withAdmin(work: (admin: pg.Client) => Promise<void>): Promise<void> {
  await withClient(managementServer(), { database: 'postgres' }, work);
}

function ownerUrl(database: string): string {
  const url = new URL(managementServer().url);
  url.pathname = `/${database}`;
  return url.toString();
}

function applicationUrl(database: string): string {
  const url = new URL(ownerUrl(database));
  url.username = APPLICATION;
  url.password = APPLICATION;
  return url.toString();
}
