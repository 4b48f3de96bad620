import type { Actor } from '../../../src/platform/access/actor.js';
import type { DatabaseRecord, GrantLevel } from '../../../src/modules/databases/databases.types.js';
import { newId } from '../../../src/platform/persistence/ids.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { makeActor, makeTenant } from '../../factories/people.js';
import {
  databasesOf,
  openDatabases,
  type DatabaseServices,
  type DatabasesWorld,
} from '../../support/databases-world.js';
import { psql } from '../../support/psql.js';

let world: DatabasesWorld;
let on: DatabaseServices;

beforeAll(async () => {
  world = await openDatabases();
  on = databasesOf(world.app);
}, 120_000);

afterAll(async () => {
  await world.close();
});

const create = async (actor: Actor, name: string) =>
  on.creation.create(actor, { name, engine: 'postgres', template: 'blank' });
const sql = async (text: string, parameters: unknown[]): Promise<unknown> =>
  world.app.get(Transactions, { strict: false }).manager.query(text, parameters);

async function grant(
  database: DatabaseRecord,
  to: Actor | { podId: string },
  level: GrantLevel,
): Promise<void> {
  const [membershipId, podId] = 'podId' in to ? [null, to.podId] : [to.membershipId, null];
  await sql(
    `insert into database_grant (id, tenant_id, database_id, membership_id, pod_id, level, created_at)
     values ($1, $2, $3, $4, $5, $6, now())`,
    [newId(), database.tenantId, database.id, membershipId, podId, level],
  );
}

const ACTS: readonly (readonly [string, (actor: Actor, record: DatabaseRecord) => Promise<unknown>])[] = [
  ['see', async (actor, { id }) => on.pages.show(actor, id, 'overview')],
  ['see the line of', async (actor, { id }) => on.pages.row(actor, id)],
  ['run on', async (actor, { id }) => on.databases.runTarget(actor, id)],
  ['stop', async (actor, { id }) => on.lifecycle.stop(actor, id)],
  ['start', async (actor, { id }) => on.lifecycle.start(actor, id)],
  ['reset', async (actor, { id }) => on.lifecycle.reset(actor, id)],
  ['delete', async (actor, { id, name }) => on.lifecycle.remove(actor, id, name)],
  ['restore', async (actor, { id }) => on.creation.restore(actor, id)],
  ['rotate the passwords of', async (actor, { id }) => on.creation.rotate(actor, id)],
  ['clone', async (actor, { id }) => on.creation.clone(actor, id, 'stolen')],
  ['configure', async (actor, { id }) => on.creation.configure(actor, id, { protected: true })],
  ['retry', async (actor, { id }) => on.creation.retry(actor, id)],
];

describe('another tenant', () => {
  let theirs: DatabaseRecord;
  let stranger: Actor;

  beforeAll(async () => {
    theirs = await create(await makeActor(world.app), 'marker_of_the_other');
    stranger = await makeActor(world.app);
  });

  it.each(ACTS)('cannot %s a database: it does not exist for them', async (_, act) => {
    await expect(act(stranger, theirs)).rejects.toMatchObject({ kind: 'not-found', code: 'not_found' });
    await expect(act(stranger, { ...theirs, id: newId() })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('finds nothing of it in lists and counts', async () => {
    const page = await on.pages.list(stranger);
    expect(page.databases).toEqual([]);
    expect(JSON.stringify(page)).not.toContain('marker_of_the_other');
    expect((await on.creation.quotaState(stranger)).databases).toBe(0);
  });

  it('has left it as it was', async () => {
    expect(await on.rows.find(theirs.tenantId, theirs.id)).toMatchObject({
      status: 'running',
      protected: false,
    });
  });
});

describe('colleagues', () => {
  async function team(): Promise<{
    owner: Actor;
    record: DatabaseRecord;
    member: (role: Actor['role']) => Promise<Actor>;
  }> {
    const tenant = await makeTenant(world.app);
    const owner = await makeActor(world.app, { tenant, role: 'developer' });
    return {
      owner,
      record: await create(owner, 'owned'),
      member: async (role) => makeActor(world.app, { tenant, role }),
    };
  }

  it('do not see what is neither theirs nor granted, unless they administer the tenant', async () => {
    const { owner, record, member } = await team();
    for (const role of ['viewer', 'developer', 'manager'] as const) {
      const colleague = await member(role);
      expect((await on.pages.list(colleague)).databases).toEqual([]);
      await expect(on.databases.runTarget(colleague, record.id)).rejects.toMatchObject({ kind: 'not-found' });
    }
    for (const seer of [owner, await member('tenant_admin')]) {
      expect((await on.pages.list(seer)).databases).toMatchObject([{ id: record.id, can: { delete: true } }]);
      expect((await on.databases.runTarget(seer, record.id)).write).not.toBeNull();
    }
  });

  it.each([
    ['viewer', 'read', false, 'forbidden'],
    ['viewer', 'write', false, 'forbidden'],
    ['viewer', 'manage', false, 'forbidden'],
    ['developer', 'read', false, 'forbidden'],
    ['developer', 'write', true, 'forbidden'],
    ['developer', 'manage', true, 'allowed'],
  ] as const)(
    '%s with the grant %s: may write %s, and stopping is %s',
    async (role, level, writes, stopping) => {
      const { record, member } = await team();
      const colleague = await member(role);
      await grant(record, colleague, level);
      await on.creation.configure(await member('tenant_admin'), record.id, {}); // drops what was cached
      const target = await on.databases.runTarget(colleague, record.id);
      expect(target.write !== null).toBe(writes);
      expect(target.read.username).toBe(record.readLogin);
      const stop = on.lifecycle.stop(colleague, record.id);
      if (stopping === 'allowed') await expect(stop).resolves.toMatchObject({ status: 'stopped' });
      else await expect(stop).rejects.toMatchObject({ kind: 'forbidden', code: 'not_allowed' });
    },
  );

  it('reach what is granted to a pod they belong to', async () => {
    const { record, member } = await team();
    const podId = newId();
    await sql('insert into pod (id, tenant_id, name, created_at) values ($1, $2, $3, now())', [
      podId,
      record.tenantId,
      'Shop team',
    ]);
    await grant(record, { podId }, 'write');
    const outside = await member('developer');
    const inside = { ...(await member('developer')), podIds: [podId] };
    await expect(on.databases.get(outside, record.id)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await on.databases.get(inside, record.id)).toMatchObject({ reach: 'write' });
  });

  it('cannot be given a database of another tenant: the rows themselves refuse', async () => {
    const { record } = await team();
    const stranger = await makeActor(world.app);
    await expect(grant(record, stranger, 'read')).rejects.toThrow(/fk_database_grant_membership/);
    await expect(grant({ ...record, tenantId: stranger.tenantId }, stranger, 'read')).rejects.toThrow(
      /fk_database_grant_database/,
    );
  });
});

describe('on the server', () => {
  it('no login of five tenants reaches a database of another', async () => {
    const views = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const record = await create(await makeActor(world.app), 'mine');
      views.push((await on.pages.credentials(record)).connection);
    }
    let refused = 0;
    for (const from of views) {
      for (const to of views) {
        const attempt = psql({ ...from, database: to.database }, 'select 1');
        if (from === to) expect(await attempt).toBe('1');
        else {
          await expect(attempt).rejects.toThrow(/permission denied/);
          refused += 1;
        }
      }
    }
    expect(refused).toBe(20);
  });

  it('names and comments carry nothing of a tenant', async () => {
    const actor = await makeActor(world.app);
    const { connection } = await on.pages.credentials(await create(actor, 'payroll_of_acme'));
    const seen = await psql(
      connection,
      `select string_agg(x, ' ') from (select datname::text from pg_database union all
       select rolname::text from pg_roles union all select description from pg_shdescription) t (x)`,
    );
    for (const secret of ['payroll', 'acme', actor.tenantId, actor.tenantName, actor.email]) {
      expect(seen).not.toContain(secret);
    }
    expect(seen).toContain(connection.database);
  });
});
