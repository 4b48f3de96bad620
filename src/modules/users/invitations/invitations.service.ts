import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { AppError, notFound } from '../../../platform/errors/app-error.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { linkTokenHash } from '../../../platform/sealing/link-token.js';
import { AuditService } from '../../audit/audit.service.js';
import { UsersService } from '../users.service.js';
import { emailKey } from '../users.types.js';
import { InvitationsRepository, type OpenInvitationRow } from './invitations.repository.js';
import type { InvitationFacts, InvitedPerson } from './invitations.types.js';

/** Invitations into a tenant, from the side of those who were invited. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** What a link leads to while it may still be used; undefined when it was used, revoked, ran out or never was. */
  async peek(token: string): Promise<InvitationFacts | undefined> {
    const hash = linkTokenHash(token);
    const row = hash === undefined ? undefined : await this.invitations.findOpen(hash, this.clock.now());
    return row === undefined ? undefined : invitationFacts(row);
  }

  /**
   * Makes the person a member with the role and in the pod of the invitation, once. Only the invited address may;
   * for everybody else there is no such invitation. Joins the open transaction and answers the membership.
   */
  async accept(token: string, person: InvitedPerson): Promise<{ membershipId: string; tenantId: string }> {
    return this.transactions.run(async () => {
      const invitation = await this.peek(token);
      if (invitation?.emailKey !== emailKey(person.email)) throw notFound('invitation');
      const { tenantId, role, podId } = invitation;
      const membershipId = await this.users.join(person.accountId, tenantId, role);
      if (!(await this.invitations.markAccepted(tenantId, invitation.id, membershipId, this.clock.now())))
        throw new AppError('conflict', 'invitation_used', 'This invitation has been used already.');
      if (podId !== null) await this.users.addToPod(tenantId, podId, membershipId);
      await this.audit.record({ ...person, tenantId }, 'invitation.accept', {
        object: { type: 'membership', id: membershipId, name: person.email },
        details: { role, invitation: invitation.id },
      });
      return { membershipId, tenantId };
    });
  }
}

function invitationFacts(row: OpenInvitationRow): InvitationFacts {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    tenantName: row.tenant_name,
    email: row.email,
    emailKey: row.email_key,
    role: row.role,
    podId: row.pod_id,
    message: row.message,
    inviter: row.inviter,
    expiresAt: row.expires_at,
  };
}
