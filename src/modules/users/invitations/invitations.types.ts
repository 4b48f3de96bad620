import type { Role } from '../../../platform/access/roles.js';

/** An invitation that is still open, as whoever holds its link may see it. */
export interface InvitationFacts {
  readonly id: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly email: string;
  readonly emailKey: string;
  readonly role: Role;
  readonly podId: string | null;
  readonly message: string;
  /** Name of the person who invited; null when it was the platform. */
  readonly inviter: string | null;
  readonly expiresAt: Date;
}

/** Who accepts: an account whose mailbox the link was sent to. */
export interface InvitedPerson {
  readonly accountId: string;
  readonly email: string;
  readonly name: string;
  readonly ip: string;
  readonly requestId: string;
}
