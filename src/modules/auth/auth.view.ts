import type { MemberFacts } from '../users/users.types.js';

/** POST /auth/login; `token` only under /api/v1. */
export interface SessionView {
  readonly token?: string;
  readonly expiresAt: string;
  readonly membership: {
    readonly id: string;
    readonly role: string;
    readonly tenant: { readonly id: string; readonly name: string };
  };
}

export function sessionView({ expiresAt, member }: { expiresAt: Date; member: MemberFacts }): SessionView {
  const { membershipId: id, role, tenantId, tenantName } = member;
  return {
    expiresAt: expiresAt.toISOString(),
    membership: { id, role, tenant: { id: tenantId, name: tenantName } },
  };
}
