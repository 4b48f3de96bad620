import { AuditService } from '../../../src/modules/audit/audit.service.js';
import type { Actor } from '../../../src/platform/access/actor.js';
import { makeActor } from '../../factories/people.js';
import {
  databasesOf,
  openDatabases,
  type DatabaseServices,
  type DatabasesWorld,
} from '../../support/databases-world.js';
import { psql } from '../../support/psql.js';
import { traces } from '../../support/sandbox-server.js';

const CLOSED = /not permitted to log in|not currently accepting/;

let world: DatabasesWorld;
let actor: Actor;
let on: DatabaseServices;

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

const make = async (name: string, template: 'blank' | 'sample' = 'blank') =>
  on.pages.credentials(await on.creation.create(actor, { name, engine: 'postgres', template }));

it('creates a database that a foreign client connects to with what was shown', async () => {
  const { id, connection } = await make('shop', 'sample');
  expect(connection.host).toBe('localhost');
  expect(await psql(connection, 'select count(*) from order_lines')).toBe('50001');
  const row = await on.pages.row(actor, id);
  expect(row).toMatchObject({ name: 'shop', status: 'running', can: { stop: true } });
});

it('cuts a foreign client off when it stops, and lets it in again when it starts', async () => {
  const { id, connection } = await make('paused');
  const cut = expect(psql(connection, 'select pg_sleep(30)')).rejects.toThrow(/terminating connection/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await on.lifecycle.stop(actor, id);
  await cut;
  await expect(psql(connection, 'select 1')).rejects.toThrow(CLOSED);
  await on.lifecycle.start(actor, id);
  expect(await psql(connection, 'select 1')).toBe('1');
});

it('deletes only with its name typed, frees the quota at once and brings it back with its rows', async () => {
  const { id, connection } = await make('kept');
  await psql(connection, 'create table notes as select 42 as n');
  await expect(on.lifecycle.remove(actor, id, 'other')).rejects.toMatchObject({
    code: 'confirmation_wrong',
  });
  await on.lifecycle.remove(actor, id, 'kept');
  expect((await on.creation.quotaState(actor)).databases).toBe(0);
  await expect(psql(connection, 'select 1')).rejects.toThrow(CLOSED);
  const page = await on.pages.list(actor);
  expect(page.databases).toEqual([]);
  expect(page.deleted).toMatchObject([{ id, name: 'kept', can: { restore: true } }]);
  await on.creation.restore(actor, id);
  expect(await psql(connection, 'select n from notes')).toBe('42');
});

it('does not bring back a database whose name was taken meanwhile', async () => {
  const { id } = await make('wanted');
  await on.lifecycle.remove(actor, id, 'wanted');
  const { id: second } = await make('WANTED');
  await expect(on.creation.restore(actor, id)).rejects.toMatchObject({
    kind: 'conflict',
    code: 'name_taken',
  });
  await on.lifecycle.remove(actor, second, 'WANTED');
  await on.creation.restore(actor, id);
});

it('gives new passwords, with which the old one is of no use', async () => {
  const { id, connection } = await make('rotated');
  const renewed = await on.pages.credentials(await on.creation.rotate(actor, id));
  expect(renewed.connection.password).not.toBe(connection.password);
  await expect(psql(connection, 'select 1')).rejects.toThrow(/password authentication failed/);
  expect(await psql(renewed.connection, 'select 1')).toBe('1');
});

it('resets to its template with the same login', async () => {
  const { id, connection } = await make('reset', 'sample');
  await psql(connection, 'drop table order_lines cascade; create table mine (id int)');
  await on.lifecycle.reset(actor, id);
  expect(await psql(connection, "select count(*), to_regclass('mine') from order_lines")).toBe('50001|');
});

it('clones a database, leaves its source running, and keeps the two apart', async () => {
  const source = await make('original');
  await psql(source.connection, 'create table notes as select 1 as n');
  const clone = await on.pages.credentials(await on.creation.clone(actor, source.id, 'copy'));
  await psql(clone.connection, 'update notes set n = 2; create table more (id int)');
  expect(await psql(source.connection, 'select n from notes')).toBe('1');
  const crossed = { ...clone.connection, database: source.connection.database };
  await expect(psql(crossed, 'select 1')).rejects.toThrow(/permission denied/);
});

it('clones a stopped database and leaves it stopped', async () => {
  const source = await make('asleep');
  await on.lifecycle.stop(actor, source.id);
  const clone = await on.pages.credentials(await on.creation.clone(actor, source.id, 'awake'));
  expect(await psql(clone.connection, 'select 1')).toBe('1');
  await expect(psql(source.connection, 'select 1')).rejects.toThrow(CLOSED);
});

it('protects from deleting and resetting until the protection is taken away', async () => {
  const { id } = await make('guarded');
  await on.creation.configure(actor, id, { protected: true });
  const refused = { kind: 'conflict', code: 'protected' };
  await expect(on.lifecycle.remove(actor, id, 'guarded')).rejects.toMatchObject(refused);
  await expect(on.lifecycle.reset(actor, id)).rejects.toMatchObject(refused);
  await on.creation.configure(actor, id, { protected: false });
  await on.lifecycle.remove(actor, id, 'guarded');
});

it('wakes for a run, tells how long that took, and wakes once for many', async () => {
  const { id } = await make('sleeper');
  expect((await on.databases.runTarget(actor, id)).wokenInMs).toBeNull();
  await on.lifecycle.stop(actor, id);
  const targets = await Promise.all([1, 2, 3].map(async () => on.databases.runTarget(actor, id)));
  expect(targets.every(({ wokenInMs }) => wokenInMs !== null)).toBe(true);
  expect(await on.pages.row(actor, id)).toMatchObject({ status: 'running' });
  expect((await on.databases.runTarget(actor, id)).wokenInMs).toBeNull();
  const audit = world.app.get(AuditService, { strict: false });
  const starts = (await audit.listAbout(actor.tenantId, id, 20)).filter(
    ({ action }) => action === 'database.start',
  );
  expect(starts).toHaveLength(1);
});

it('refuses what the state does not allow, and says why', async () => {
  const { id } = await make('steady');
  const refused = { kind: 'conflict', code: 'wrong_state' };
  await expect(on.lifecycle.start(actor, id)).rejects.toMatchObject(refused);
  await on.lifecycle.stop(actor, id);
  await expect(on.lifecycle.stop(actor, id)).rejects.toMatchObject(refused);
});

it('records every act in the audit log', async () => {
  const { id } = await make('watched');
  await on.lifecycle.stop(actor, id);
  await on.lifecycle.start(actor, id);
  await on.creation.rotate(actor, id);
  await on.lifecycle.reset(actor, id);
  const copy = await on.creation.clone(actor, id, 'watched_copy');
  await on.lifecycle.remove(actor, id, 'watched');
  await on.creation.restore(actor, id);
  const audit = world.app.get(AuditService, { strict: false });
  const entries = await audit.listAbout(actor.tenantId, id, 20);
  expect(entries.map(({ action }) => action).reverse()).toEqual(
    ['create', 'stop', 'start', 'rotate', 'reset', 'delete', 'restore'].map((verb) => `database.${verb}`),
  );
  expect(entries.every((entry) => entry.actor_email === actor.email)).toBe(true);
  const about = await audit.listAbout(actor.tenantId, copy.id, 5);
  expect(about.map(({ action }) => action)).toEqual(['database.clone']);
  expect(await traces(world.sandboxes, copy.physicalName)).toHaveLength(3);
});
