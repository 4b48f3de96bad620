import type { INestApplicationContext } from '@nestjs/common';
import { TenantsService } from '../../src/modules/tenants/tenants.service.js';
import type { TenantFacts } from '../../src/modules/tenants/tenants.types.js';
import { UsersService } from '../../src/modules/users/users.service.js';
import type { Actor } from '../../src/platform/access/actor.js';
import { permissionsOf } from '../../src/platform/access/permissions.js';
import type { Role } from '../../src/platform/access/roles.js';
import { newId } from '../../src/platform/persistence/ids.js';

export type Plan = 'free' | 'team' | 'business';

export async function makeTenant(
  app: INestApplicationContext,
  plan: Plan = 'business',
): Promise<TenantFacts> {
  const tenants = app.get(TenantsService, { strict: false });
  return tenants.create(`Tenant ${newId().slice(-8)}`, plan);
}

export interface ActorWishes {
  readonly tenant?: TenantFacts;
  readonly plan?: Plan;
  readonly role?: Role;
  readonly podIds?: readonly string[];
}

/** A person with one membership, in a tenant of their own unless one is given. */
export async function makeActor(app: INestApplicationContext, wishes: ActorWishes = {}): Promise<Actor> {
  const { role = 'tenant_admin', podIds = [] } = wishes;
  const tenant = wishes.tenant ?? (await makeTenant(app, wishes.plan));
  const users = app.get(UsersService, { strict: false });
  const email = `${newId()}@example.com`;
  const account = await users.createAccount({ email, name: 'Ada', passwordHash: '-', platformRole: null });
  return {
    accountId: account.id,
    membershipId: await users.addMember(account.id, tenant.id, role),
    tenantId: tenant.id,
    tenantName: tenant.name,
    role,
    platformRole: null,
    sessionId: newId(),
    email,
    name: 'Ada',
    podIds,
    permissions: permissionsOf(role, null),
    ip: '127.0.0.1',
    requestId: newId(),
  };
}
