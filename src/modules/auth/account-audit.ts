import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import type { AuditFacts } from '../audit/audit.types.js';
import { UsersService } from '../users/users.service.js';
import { auditActor } from './audit-actor.js';

/** What happens to an account concerns every tenant it belongs to, and the platform when it belongs to none. */
@Injectable()
export class AccountAudit {
  constructor(
    private readonly audit: AuditService,
    private readonly users: UsersService,
  ) {}

  /** For what a person did with their own account; joins the open transaction. */
  async recordOwn(actor: Actor, action: string, facts: AuditFacts = {}): Promise<void> {
    const { accountId: id, name, email } = actor;
    await this.record({ id, name, email }, actor, action, facts);
  }

  /** For what somebody else did with the account: in each of its tenants, and in the platform's own chain. */
  async recordBy(actor: Actor, accountId: string, action: string, facts: AuditFacts): Promise<void> {
    const memberships = await this.users.listMemberships(accountId);
    const tenants = [null, ...memberships.map((member) => member.tenantId)];
    await this.audit.recordMany(
      tenants.map((tenantId) => ({ actor: { ...actor, tenantId }, action, ...facts })),
    );
  }

  /** Joins the open transaction. */
  async record(
    person: { readonly id: string | null; readonly name: string; readonly email: string },
    origin: { readonly ip: string; readonly requestId: string },
    action: string,
    facts: AuditFacts = {},
  ): Promise<void> {
    const memberships = person.id === null ? [] : await this.users.listMemberships(person.id);
    const tenants = memberships.length === 0 ? [null] : memberships.map((member) => member.tenantId);
    await this.audit.recordMany(
      tenants.map((tenantId) => ({ actor: auditActor(tenantId, person, origin), action, ...facts })),
    );
  }
}
