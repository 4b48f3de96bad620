import { Injectable } from '@nestjs/common';
import type { Role } from '../../../platform/access/roles.js';
import type { Row } from '../../../platform/persistence/row.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { Invitation } from './invitation.entity.js';

export interface OpenInvitationRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly email: string;
  readonly email_key: string;
  readonly role: Role;
  readonly pod_id: string | null;
  readonly message: string;
  readonly inviter: string | null;
  readonly expires_at: Date;
}

@Injectable()
export class InvitationsRepository {
  constructor(private readonly transactions: Transactions) {}

  async insert(invitation: Row<Invitation>): Promise<void> {
    await this.transactions.manager.insert(Invitation, invitation);
  }

  /** By the hash of the token in the link; the one question here that no tenant can ask. Only what is open. */
  async findOpen(tokenHash: Buffer, now: Date): Promise<OpenInvitationRow | undefined> {
    const [row] = await this.transactions.manager.query<OpenInvitationRow[]>(
      `select i.id, i.tenant_id, t.name as tenant_name, i.email, i.email_key, i.role, i.pod_id, i.message,
              a.name as inviter, i.expires_at
         from invitation i
         join tenant t on t.id = i.tenant_id and t.status = 'active'
         left join membership m on m.id = i.invited_by
         left join account a on a.id = m.account_id
        where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2`,
      [tokenHash, now],
    );
    return row;
  }

  /** True for the one caller that accepts it; everybody else comes too late. */
  async markAccepted(tenantId: string, id: string, membershipId: string, now: Date): Promise<boolean> {
    const [, count] = await this.transactions.manager.query<[unknown, number]>(
      `update invitation set accepted_at = $4, accepted_by = $3
        where tenant_id = $1 and id = $2 and accepted_at is null and revoked_at is null and expires_at > $4`,
      [tenantId, id, membershipId, now],
    );
    return count === 1;
  }
}
