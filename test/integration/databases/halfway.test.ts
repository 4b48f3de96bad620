import { AuditService } from '../../../src/modules/audit/audit.service.js';
import type { DatabaseRecord, DatabaseState } from '../../../src/modules/databases/databases.types.js';
import type { Actor } from '../../../src/platform/access/actor.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { makeActor } from '../../factories/people.js';
import {
  databasesOf,
  openDatabases,
  type DatabaseServices,
  type DatabasesWorld,
} from '../../support/databases-world.js';
import { psql } from '../../support/psql.js';
import { askWith, traces } from '../../support/sandbox-server.js';

const MINUTE = 60_000;

let world: DatabasesWorld;
let on: DatabaseServices;
let actor: Actor;

beforeAll(async () => {
  world = await openDatabases();
  on = databasesOf(world.app);
}, 120_000);

beforeEach(async () => {
  actor = await makeActor(world.app);
});

afterAll(async () => {
  await world.close();
});

const create = async (name: string) =>
  on.creation.create(actor, { name, engine: 'postgres', template: 'blank' });
const server = async (sql: string): Promise<unknown> => askWith(world.sandboxes)(null, sql);

async function reload({ tenantId, id }: DatabaseRecord): Promise<DatabaseRecord> {
  const [row] = await world.app
    .get(Transactions, { strict: false })
    .manager.query<{ status: DatabaseState; reason: string | null }[]>(
      'select status, status_reason as reason from database where tenant_id = $1 and id = $2',
      [tenantId, id],
    );
  return { ...(await on.rows.find(tenantId, id)), ...row } as DatabaseRecord;
}

/** What a process that dies right after it said what it would do leaves behind. */
async function crashIn(record: DatabaseRecord, status: DatabaseState): Promise<void> {
  await on.rows.update(record.tenantId, record.id, { status, statusSince: world.clock.now() });
}

async function laterJob(ms = 6 * MINUTE): Promise<void> {
  world.clock.advance(ms);
  await on.upkeep.finishHalfway(world.clock.now());
}

/** Runs `work` while the server does not find the database. */
async function without({ physicalName }: DatabaseRecord, work: () => Promise<void>): Promise<void> {
  const away = `${physicalName}_away`;
  await server(`alter database "${physicalName}" rename to "${away}"`);
  try {
    await work();
  } finally {
    await server(`alter database "${away}" rename to "${physicalName}"`);
  }
}

/** A database that could not be made, because what it was to be a copy of was not there. */
async function failed(name: string): Promise<{ record: DatabaseRecord; source: DatabaseRecord }> {
  const source = await create(`source_of_${name}`);
  await on.lifecycle.stop(actor, source.id);
  await without(source, async () => {
    const refused = { kind: 'unavailable', code: 'sandbox_failed' };
    await expect(on.creation.clone(actor, source.id, name)).rejects.toMatchObject(refused);
  });
  const [found] = (await on.databases.list(actor)).filter(({ record }) => record.name === name);
  if (found?.record.origin !== 'provisioned') throw new Error('The row of the failed database is gone.');
  return { record: found.record, source };
}

describe('a database that could not be made', () => {
  it('keeps the reason, leaves nothing on the server, and says so in the audit log', async () => {
    const { record } = await failed('unlucky');
    expect(record.status).toBe('failed');
    expect(record.statusReason).toContain('The server did not carry it out');
    expect(await traces(world.sandboxes, record.physicalName)).toEqual([]);
    const audit = world.app.get(AuditService, { strict: false });
    const entries = await audit.listAbout(actor.tenantId, record.id, 5);
    expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['database.create', 'failed'],
      ['database.clone', 'done'],
    ]);
    await expect(on.databases.runTarget(actor, record.id)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('can be tried again', async () => {
    const { record } = await failed('again');
    await on.creation.retry(actor, record.id);
    expect(await psql((await on.pages.credentials(record)).connection, 'select 1')).toBe('1');
  });

  it('can be deleted, which frees its name and leaves nothing to restore', async () => {
    const { record } = await failed('gone');
    await on.lifecycle.remove(actor, record.id, 'gone');
    expect(await reload(record)).toMatchObject({ status: 'purged' });
    const page = await on.pages.list(actor);
    expect(page.databases.map(({ name }) => name)).toEqual(['source_of_gone']);
    expect(page.deleted).toEqual([]);
    await create('gone');
  });
});

describe('a crash', () => {
  it('in the middle of making a database: the job makes it anew, whatever is left of it', async () => {
    const { record } = await failed('half');
    await crashIn(record, 'provisioning');
    await server(`create role "${record.writeLogin}" nologin`);
    await server(`create database "${record.physicalName}"`);
    await on.upkeep.finishHalfway(world.clock.now());
    expect(await reload(record)).toMatchObject({ status: 'provisioning' }); // it may still be under way
    await laterJob();
    expect(await reload(record)).toMatchObject({ status: 'running' });
    expect(await psql((await on.pages.credentials(record)).connection, 'select 1')).toBe('1');
  });

  it.each([
    ['stopping', 'running', 'stopped'],
    ['deleting', 'running', 'deleted'],
    ['resetting', 'running', 'running'],
    ['starting', 'stopped', 'running'],
    ['purging', 'deleted', 'purged'],
  ] as const)('while it was %s: the job finishes it', async (via, from, to) => {
    const record = await create(`crashed_${via}`);
    if (from === 'stopped') await on.lifecycle.stop(actor, record.id);
    if (from === 'deleted') await on.lifecycle.remove(actor, record.id, record.name);
    await crashIn(record, via);
    await laterJob();
    expect(await reload(record)).toMatchObject({ status: to });
    expect(await traces(world.sandboxes, record.physicalName)).toHaveLength(to === 'purged' ? 0 : 3);
    const attempt = psql((await on.pages.credentials(record)).connection, 'select 1');
    if (to === 'running') expect(await attempt).toBe('1');
    else await expect(attempt).rejects.toThrow();
  });

  it('while it was cloned: the job finishes the copy and opens the source again', async () => {
    const { record, source } = await failed('copy');
    await on.lifecycle.start(actor, source.id);
    await crashIn(record, 'provisioning');
    await server(`alter role "${source.writeLogin}" nologin`);
    await server(`alter database "${source.physicalName}" with allow_connections false`);
    await laterJob();
    expect(await reload(record)).toMatchObject({ status: 'running' });
    for (const one of [record, source]) {
      expect(await psql((await on.pages.credentials(one)).connection, 'select 1')).toBe('1');
    }
  });
});

describe('a server that does not answer', () => {
  it('leaves a start on its way, with its content, and the job goes on', async () => {
    const record = await create('patient');
    const { connection } = await on.pages.credentials(record);
    await psql(connection, 'create table kept as select 1 as n');
    await on.lifecycle.stop(actor, record.id);
    await without(record, async () => {
      await expect(on.lifecycle.start(actor, record.id)).rejects.toMatchObject({ code: 'sandbox_failed' });
      const row = await on.pages.row(actor, record.id);
      expect(row).toMatchObject({ status: 'starting', busy: true });
      expect(row.statusReason).toContain('tried again');
      await laterJob(MINUTE);
      expect(await reload(record)).toMatchObject({ status: 'starting' });
    });
    await laterJob(MINUTE);
    expect(await reload(record)).toMatchObject({ status: 'running', reason: null });
    expect(await psql(connection, 'select n from kept')).toBe('1');
  });
});
