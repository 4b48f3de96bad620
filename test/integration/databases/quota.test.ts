import type { Actor } from '../../../src/platform/access/actor.js';
import { AppError } from '../../../src/platform/errors/app-error.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { makeActor, makeTenant } from '../../factories/people.js';
import {
  databasesOf,
  openDatabases,
  type DatabaseServices,
  type DatabasesWorld,
} from '../../support/databases-world.js';
import { askWith } from '../../support/sandbox-server.js';

let world: DatabasesWorld;
let on: DatabaseServices;

beforeAll(async () => {
  world = await openDatabases();
  on = databasesOf(world.app);
}, 120_000);

afterAll(async () => {
  await world.close();
});

/** Databases and logins of this world; other test files use the same server. */
const countOnServer = async (): Promise<number> => {
  const { manager } = world.app.get(Transactions, { strict: false });
  const [server] = await manager.query<{ id: string }[]>('select id from sandbox_server');
  const rows = await askWith(world.sandboxes)<{ count: number }>(
    null,
    `select count(*)::int as count from pg_shdescription where description like '%' || $1 || '%'`,
    [server?.id],
  );
  return rows[0]?.count ?? 0;
};

async function codesOf(attempts: readonly Promise<unknown>[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(attempts);
  return outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return 'made';
    return outcome.reason instanceof AppError ? outcome.reason.code : String(outcome.reason);
  });
}

const create = async (actor: Actor, name: string) =>
  on.creation.create(actor, { name, engine: 'postgres', template: 'blank' });

it('makes exactly as many as the quota allows, however many try at once', async () => {
  const tenant = await makeTenant(world.app, 'free'); // 5 databases
  const people = await Promise.all([1, 2, 3, 4].map(async () => makeActor(world.app, { tenant })));
  const before = await countOnServer();
  const codes = await codesOf(
    people.flatMap((actor, person) =>
      [0, 1, 2, 3, 4].map(async (turn) => create(actor, `db_${String(person)}_${String(turn)}`)),
    ),
  );
  expect(codes.filter((code) => code === 'made')).toHaveLength(5);
  expect(codes.filter((code) => code === 'quota_exceeded')).toHaveLength(15);
  expect(await countOnServer()).toBe(before + 5 * 3);
  const [first] = people;
  if (first !== undefined) expect((await on.pages.list(first)).createRefusal).toContain('5');
});

it('gives a name to one of those who want it at the same time, whatever its case', async () => {
  const actor = await makeActor(world.app);
  const before = await countOnServer();
  const codes = await codesOf(['shop', 'Shop', 'SHOP', 'shop'].map(async (name) => create(actor, name)));
  expect(codes.sort()).toEqual(['made', 'name_taken', 'name_taken', 'name_taken']);
  expect(await countOnServer()).toBe(before + 3);
});

it('lets two tenants have a database of the same name', async () => {
  await create(await makeActor(world.app), 'same');
  await create(await makeActor(world.app), 'same');
});

it('says the field of a taken name, and the numbers of an exhausted quota', async () => {
  const actor = await makeActor(world.app, { plan: 'free' });
  for (const name of ['a', 'b', 'c', 'd', 'e']) await create(actor, name);
  await expect(create(actor, 'A')).rejects.toMatchObject({
    kind: 'conflict',
    code: 'name_taken',
    fields: { name: 'is taken: choose another one' },
  });
  const refused = { kind: 'conflict', code: 'quota_exceeded', extra: { limit: 5, used: 5 } };
  await expect(create(actor, 'f')).rejects.toMatchObject(refused);
  await expect(
    on.pages.confirm(actor, { name: 'f', engine: 'postgres', template: 'blank' }),
  ).rejects.toMatchObject(refused);
});

it('counts a clone and a restored database like any other', async () => {
  const actor = await makeActor(world.app, { plan: 'free' });
  const made = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) made.push(await create(actor, name));
  const [first, second] = made;
  if (first === undefined || second === undefined) throw new Error('Nothing was made.');
  await expect(on.creation.clone(actor, first.id, 'copy')).rejects.toMatchObject({ code: 'quota_exceeded' });
  await on.lifecycle.remove(actor, first.id, 'a');
  await on.creation.clone(actor, second.id, 'copy');
  await expect(on.creation.restore(actor, first.id)).rejects.toMatchObject({ code: 'quota_exceeded' });
  await on.lifecycle.remove(actor, second.id, 'b');
  await on.creation.restore(actor, first.id);
});

it('creates in well under a second at the median', async () => {
  for (const template of ['blank', 'sample'] as const) {
    const actor = await makeActor(world.app);
    const times: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) {
      const start = performance.now();
      await on.creation.create(actor, { name: `timed_${String(turn)}`, engine: 'postgres', template });
      times.push(performance.now() - start);
    }
    expect(times.sort((a, b) => a - b)[3]).toBeLessThan(1000);
  }
});
