import type { PlatformRole, Role } from '../../platform/access/roles.js';

/** What signing in needs to know of an account. */
export interface AccountFacts {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** Null when the account has no password. */
  readonly passwordHash: string | null;
  readonly passwordChangedAt: Date;
  /** A super admin asked for a new password: the present one signs in no more. */
  readonly mustChangePassword: boolean;
  readonly platformRole: PlatformRole;
  readonly emailVerified: boolean;
  readonly active: boolean;
}

/** One account in one tenant, as it is now. */
export interface MemberFacts {
  readonly membershipId: string;
  readonly accountId: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly role: Role;
  readonly accessVersion: number;
  readonly platformRole: PlatformRole;
  readonly email: string;
  readonly name: string;
  readonly podIds: readonly string[];
  /** False when the account, the membership or the tenant may not be used at present. */
  readonly active: boolean;
}

/** The one form in which addresses are compared: Unicode compatibility form, lower case. */
export function emailKey(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}
