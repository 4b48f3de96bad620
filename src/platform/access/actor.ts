import type { Permission } from './permissions.js';
import type { PlatformRole, Role } from './roles.js';

/**
 * Who acts: one membership of one account, resolved from the session on every request. It is passed as the first
 * argument to every service method; nothing reads it from anywhere else.
 */
export interface Actor {
  readonly accountId: string;
  readonly membershipId: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly role: Role;
  readonly platformRole: PlatformRole;
  readonly sessionId: string;
  readonly email: string;
  readonly name: string;
  /** Pods the membership belongs to. */
  readonly podIds: readonly string[];
  readonly permissions: ReadonlySet<Permission>;
  /** Address of the browser or client. */
  readonly ip: string;
  readonly requestId: string;
}
