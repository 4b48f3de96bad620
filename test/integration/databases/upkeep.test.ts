import { AuditService } from '../../../src/modules/audit/audit.service.js';
import { DatabaseCache } from '../../../src/modules/databases/database-cache.js';
import type { DatabaseRecord } from '../../../src/modules/databases/databases.types.js';
import type { Actor } from '../../../src/platform/access/actor.js';
import { makeActor } from '../../factories/people.js';
import {
  databasesOf,
  openDatabases,
  type DatabaseServices,
  type DatabasesWorld,
} from '../../support/databases-world.js';
import { psql } from '../../support/psql.js';
import { askWith, connect, traces, withClient } from '../../support/sandbox-server.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

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
const server = async <R extends object>(sql: string): Promise<R[]> => askWith(world.sandboxes)<R>(null, sql);
const now = (): Date => world.clock.now();
const statusOf = async ({ id }: DatabaseRecord): Promise<string> => (await on.pages.row(actor, id)).status;

describe('auto-stop', () => {
  it('stops what nobody has used for as long as its setting says, and not before', async () => {
    const record = await create('idle');
    world.clock.advance(59 * MINUTE);
    await on.upkeep.stopIdle(now());
    expect(await statusOf(record)).toBe('running');
    world.clock.advance(2 * MINUTE);
    await on.upkeep.stopIdle(now());
    expect(await statusOf(record)).toBe('stopped');
    const [entry] = await world.app
      .get(AuditService, { strict: false })
      .listAbout(actor.tenantId, record.id, 1);
    expect(entry).toMatchObject({ action: 'database.stop', actor_name: 'CloudDB Manager' });
  });

  it('counts a run as use', async () => {
    const record = await create('busy');
    world.clock.advance(50 * MINUTE);
    on.databases.used(record.id);
    await world.app.get(DatabaseCache, { strict: false }).flush();
    world.clock.advance(20 * MINUTE);
    await on.upkeep.stopIdle(now());
    expect(await statusOf(record)).toBe('running');
  });

  it('leaves alone what has a session of its own logins, but not for the product’s own', async () => {
    const record = await create('connected');
    const { connection } = await on.pages.credentials(record);
    const { database, username: user, password } = connection;
    const client = await connect(world.sandboxes, { database, user, password });
    await client.query('select 1');
    world.clock.advance(61 * MINUTE);
    await on.upkeep.stopIdle(now());
    expect(await statusOf(record)).toBe('running');
    await client.query("set application_name = 'clouddb-manager'");
    await on.upkeep.stopIdle(now());
    expect(await statusOf(record)).toBe('stopped');
    await client.end().catch(() => undefined);
  });

  it('never stops what is set to run on', async () => {
    const record = await create('always');
    await on.creation.configure(actor, record.id, { autoStopMinutes: 0 });
    world.clock.advance(400 * DAY);
    await on.upkeep.stopIdle(now());
    expect(await statusOf(record)).toBe('running');
  });
});

describe('purge', () => {
  it('drops for good what was deleted 30 days ago, and not before', async () => {
    const record = await create('old');
    await on.lifecycle.remove(actor, record.id, 'old');
    world.clock.advance(29 * DAY);
    await on.upkeep.purge(now());
    expect(await traces(world.sandboxes, record.physicalName)).toHaveLength(3);
    world.clock.advance(2 * DAY);
    await on.upkeep.purge(now());
    expect(await traces(world.sandboxes, record.physicalName)).toEqual([]);
    await expect(on.creation.restore(actor, record.id)).rejects.toMatchObject({ kind: 'not-found' });
    expect((await on.pages.list(actor)).deleted).toEqual([]);
  });
});

describe('measuring', () => {
  it('stores the size of running and stopped databases, and when that was', async () => {
    const [first, second] = [await create('one'), await create('two')];
    await on.lifecycle.stop(actor, second.id);
    const at = now();
    await on.upkeep.measure(at);
    for (const { id } of [first, second]) {
      const row = await on.pages.row(actor, id);
      expect(row.sizeBytes).toBeGreaterThan(1_000_000);
      expect(row.sizeMeasuredAt).toBe(at.toISOString());
    }
    expect((await on.creation.quotaState(actor)).storageBytes).toBeGreaterThan(2_000_000);
  });
});

describe('the watcher', () => {
  it('leaves statements within the limit alone', async () => {
    const record = await create('long');
    const { connection } = await on.pages.credentials(record);
    const asleep = psql(connection, 'set statement_timeout = 0; select pg_sleep(1)');
    await on.upkeep.endOverdue();
    await asleep;
  });
});

describe('the reconciler', () => {
  it('repairs what was changed by hand, and writes down what it repaired', async () => {
    const record = await create('crooked');
    const { connection } = await on.pages.credentials(record);
    await psql(connection, "alter role current_user password 'mine'");
    await server(`grant connect on database "${record.physicalName}" to public`);
    await server(`alter role "${record.readLogin}" connection limit -1`);
    await on.upkeep.reconcile(now());
    expect(await psql(connection, 'select 1')).toBe('1');
    const [entry] = await world.app
      .get(AuditService, { strict: false })
      .listAbout(actor.tenantId, record.id, 1);
    expect(entry).toMatchObject({
      action: 'database.repair',
      details: {
        repaired: ['write login: password', 'read login: connection limit', 'database: privileges'],
      },
    });
    await on.upkeep.reconcile(now());
    const after = await world.app
      .get(AuditService, { strict: false })
      .listAbout(actor.tenantId, record.id, 5);
    expect(after.filter(({ action }) => action === 'database.repair')).toHaveLength(1);
  });

  it('closes a stopped database that somebody opened, and leaves a running one open', async () => {
    const [running, stopped] = [await create('open'), await create('shut')];
    await on.lifecycle.stop(actor, stopped.id);
    await server(`alter role "${stopped.writeLogin}" login`);
    await server(`alter database "${stopped.physicalName}" with allow_connections true`);
    await on.upkeep.reconcile(now());
    await expect(psql((await on.pages.credentials(stopped)).connection, 'select 1')).rejects.toThrow(
      /log in/,
    );
    expect(await psql((await on.pages.credentials(running)).connection, 'select 1')).toBe('1');
  });

  it('removes what no row knows only when it is ours and a day old', async () => {
    const record = await create('template_of_orphans');
    const marker = await server<{ marker: string }>(
      `select shobj_description(oid, 'pg_database') as marker from pg_database where datname = '${record.physicalName}'`,
    );
    const [{ marker: own } = { marker: '' }] = marker;
    const old = own.replace(/\S+$/, '2020-01-01T00:00:00.000Z');
    const orphans = {
      db_orphan_old: old,
      db_orphan_new: own.replace(/\S+$/, now().toISOString()),
      db_orphan_foreign: old.replace(/ [0-9a-f-]{36} /, ' 00000000-0000-7000-8000-000000000000 '),
      keep_me: old,
    };
    for (const [name, comment] of Object.entries(orphans)) {
      await server(`create role "${name}_rw"`);
      await server(`comment on role "${name}_rw" is '${comment}'`);
      await server(`create database "${name}"`);
      await server(`comment on database "${name}" is '${comment}'`);
    }
    await on.upkeep.reconcile(now());
    const left = await Promise.all(Object.keys(orphans).map(async (name) => traces(world.sandboxes, name)));
    expect(left.map(({ length }) => length)).toEqual([0, 2, 2, 2]);
    expect(await statusOf(record)).toBe('running');
    for (const name of Object.keys(orphans)) {
      await server(`drop database if exists "${name}"`);
      await server(`drop role if exists "${name}_rw"`);
    }
  });
});

describe('while it looks after them', () => {
  it('one database that cannot be looked after does not keep the others from their turn', async () => {
    const [broken, fine] = [await create('broken'), await create('fine')];
    await withClient(world.sandboxes, { database: 'postgres' }, async (admin) => {
      await admin.query(`drop database "${broken.physicalName}"`);
      await admin.query(`alter role "${fine.readLogin}" connection limit -1`);
    });
    await on.upkeep.reconcile(now());
    await on.upkeep.measure(now());
    const [role] = await server<{ limit: number }>(
      `select rolconnlimit as limit from pg_roles where rolname = '${fine.readLogin}'`,
    );
    expect(role).toEqual({ limit: 20 });
    expect((await on.pages.row(actor, fine.id)).sizeBytes).toBeGreaterThan(0);
  });
});
