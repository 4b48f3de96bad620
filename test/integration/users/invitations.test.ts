import type { INestApplicationContext } from '@nestjs/common';
import { InvitationsService } from '../../../src/modules/users/invitations/invitations.service.js';
import type { InvitedPerson } from '../../../src/modules/users/invitations/invitations.types.js';
import { UsersService } from '../../../src/modules/users/users.service.js';
import { newId } from '../../../src/platform/persistence/ids.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { makeInvitation } from '../../factories/invitations.js';
import { makeActor, makeTenant } from '../../factories/people.js';
import { openDatabases, type DatabasesWorld } from '../../support/databases-world.js';

let world: DatabasesWorld;
let app: INestApplicationContext;
let invitations: InvitationsService;
let users: UsersService;

beforeAll(async () => {
  world = await openDatabases();
  app = world.app;
  invitations = app.get(InvitationsService, { strict: false });
  users = app.get(UsersService, { strict: false });
}, 60_000);

afterAll(async () => {
  await world.close();
});

async function makePerson(email = `${newId()}@example.com`): Promise<InvitedPerson> {
  const account = await users.createAccount({ email, name: 'Ada', passwordHash: '-', platformRole: null });
  return { accountId: account.id, email, name: 'Ada', ip: '127.0.0.1', requestId: newId() };
}

it('makes the invited person a member with the role and in the pod of the invitation', async () => {
  const tenant = await makeTenant(app);
  const podId = newId();
  await app
    .get(Transactions, { strict: false })
    .manager.query(`insert into pod (id, tenant_id, name, created_at) values ($1, $2, 'Payments', now())`, [
      podId,
      tenant.id,
    ]);
  const { invitation, token } = await makeInvitation(app, { tenantId: tenant.id, role: 'manager', podId });
  const person = await makePerson(invitation.email.toUpperCase());
  const { membershipId } = await invitations.accept(token, person);
  expect(await users.findMember(tenant.id, membershipId)).toMatchObject({
    accountId: person.accountId,
    role: 'manager',
    podIds: [podId],
    active: true,
  });
});

it('is good once, also for twenty that come at the same time', async () => {
  const { invitation, token } = await makeInvitation(app);
  const person = await makePerson(invitation.email);
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, async () => invitations.accept(token, person)),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await expect(invitations.accept(token, person)).rejects.toMatchObject({ kind: 'not-found' });
  expect(await users.listMemberships(person.accountId)).toHaveLength(1);
});

it.each([
  ['ran out', { expiresAt: new Date(Date.now() - 1000) }],
  ['was revoked', { revokedAt: new Date() }],
])('does nothing after it %s', async (_, change) => {
  const { invitation, token } = await makeInvitation(app, change);
  const person = await makePerson(invitation.email);
  expect(await invitations.peek(token)).toBeUndefined();
  await expect(invitations.accept(token, person)).rejects.toMatchObject({ kind: 'not-found' });
  expect(await users.listMemberships(person.accountId)).toEqual([]);
});

it('is nobody’s but the invited person’s, who can still use it after another has tried', async () => {
  const { invitation, token } = await makeInvitation(app);
  const thief = await makePerson();
  await expect(invitations.accept(token, thief)).rejects.toMatchObject({ kind: 'not-found' });
  expect(await users.listMemberships(thief.accountId)).toEqual([]);
  const person = await makePerson(invitation.email);
  expect(await invitations.accept(token, person)).toMatchObject({ tenantId: invitation.tenantId });
});

it('does not lead into a full organisation, and stays good for when there is room', async () => {
  const tenant = await makeTenant(app, 'free');
  for (let member = 0; member < 4; member += 1) await makeActor(app, { tenant });
  const [fits, waits] = [
    await makeInvitation(app, { tenantId: tenant.id }),
    await makeInvitation(app, { tenantId: tenant.id }),
  ];
  await invitations.accept(fits.token, await makePerson(fits.invitation.email));
  const late = await makePerson(waits.invitation.email);
  await expect(invitations.accept(waits.token, late)).rejects.toMatchObject({ code: 'quota_exceeded' });
  expect(await invitations.peek(waits.token)).toMatchObject({ id: waits.invitation.id });
});

it('keeps no token that could be read from the tables', async () => {
  const { token } = await makeInvitation(app);
  const rows = await app
    .get(Transactions, { strict: false })
    .manager.query<{ row: string }[]>('select i::text as row from invitation i');
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ row }) => row.includes(token))).toEqual([]);
});
