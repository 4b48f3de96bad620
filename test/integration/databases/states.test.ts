import { DATABASE_STATES, type DatabaseState } from '../../../src/modules/databases/databases.types.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { makeActor } from '../../factories/people.js';
import {
  databasesOf,
  openDatabases,
  type DatabaseServices,
  type DatabasesWorld,
} from '../../support/databases-world.js';

/** Where a database may go from each state. */
const TABLE: Readonly<Record<DatabaseState, readonly DatabaseState[]>> = {
  provisioning: ['running', 'failed'],
  running: ['stopping', 'resetting', 'deleting'],
  stopping: ['stopped'],
  stopped: ['starting', 'resetting', 'deleting'],
  starting: ['running'],
  resetting: ['running', 'failed'],
  deleting: ['deleted'],
  deleted: ['starting', 'purging'],
  purging: ['purged'],
  purged: [],
  failed: ['provisioning', 'purging'],
};

/** A way from `running` to each state. */
const WAYS: Readonly<Record<DatabaseState, readonly DatabaseState[]>> = {
  provisioning: ['resetting', 'failed', 'provisioning'],
  running: [],
  stopping: ['stopping'],
  stopped: ['stopping', 'stopped'],
  starting: ['stopping', 'stopped', 'starting'],
  resetting: ['resetting'],
  deleting: ['deleting'],
  deleted: ['deleting', 'deleted'],
  purging: ['deleting', 'deleted', 'purging'],
  purged: ['deleting', 'deleted', 'purging', 'purged'],
  failed: ['resetting', 'failed'],
};

const ROLLBACK = new Error('rolled back on purpose');

let world: DatabasesWorld;
let on: DatabaseServices;

beforeAll(async () => {
  world = await openDatabases();
  on = databasesOf(world.app);
}, 120_000);

afterAll(async () => {
  await world.close();
});

/** Goes the way and tries the last step; whatever comes of it is taken back. */
async function isAllowed(id: string, way: readonly DatabaseState[], last: DatabaseState): Promise<boolean> {
  const { manager } = world.app.get(Transactions, { strict: false });
  const outcome = manager.transaction(async (own) => {
    const move = async (to: DatabaseState): Promise<unknown> =>
      own.query('update database set status = $2 where id = $1', [id, to]);
    for (const to of way) await move(to);
    await move(last);
    throw ROLLBACK;
  });
  return outcome.then(
    () => false,
    (error: unknown) => {
      if (error === ROLLBACK) return true;
      expect(String(error)).toContain(`a database cannot go from ${way.at(-1) ?? 'running'} to ${last}`);
      return false;
    },
  );
}

it.each(DATABASE_STATES)('the database itself lets a row leave %s only as the table says', async (from) => {
  const actor = await makeActor(world.app);
  const { id } = await on.creation.create(actor, {
    name: `machine_${from}`,
    engine: 'postgres',
    template: 'blank',
  });
  const allowed: DatabaseState[] = [];
  for (const to of DATABASE_STATES) {
    if (to !== from && (await isAllowed(id, WAYS[from], to))) allowed.push(to);
  }
  expect(allowed.sort()).toEqual([...TABLE[from]].sort());
});

it('begins as provisioning and as nothing else', async () => {
  const actor = await makeActor(world.app);
  const record = await on.creation.create(actor, { name: 'first', engine: 'postgres', template: 'blank' });
  const twin = { ...record, name: 'second', physicalName: 'db_second' };
  const id = '00000000-0000-7000-8000-000000000001';
  await expect(on.rows.insert({ ...twin, id, status: 'running' })).rejects.toThrow(/begins as provisioning/);
  await on.rows.insert({ ...twin, id, status: 'provisioning' });
});
