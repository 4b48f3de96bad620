import type { Actor } from '../../platform/access/actor.js';

/** GET /users/profile */
export interface Profile {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly platformRole: string | null;
  readonly membership: {
    readonly id: string;
    readonly role: string;
    readonly tenant: { readonly id: string; readonly name: string };
  };
  readonly permissions: readonly string[];
}

export function profileOf(actor: Actor): Profile {
  const { accountId: id, email, name, platformRole, membershipId, role, tenantId, tenantName } = actor;
  return {
    id,
    email,
    name,
    platformRole,
    membership: { id: membershipId, role, tenant: { id: tenantId, name: tenantName } },
    permissions: [...actor.permissions],
  };
}
