import { Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/errors/app-error.js';
import { AuditService } from '../../audit/audit.service.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import { UsersService } from '../../users/users.service.js';
import { auditActor } from '../audit-actor.js';

const FIRST_PLAN = 'free';

interface Founder {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** How somebody comes to an organisation without having been invited. */
@Injectable()
export class OrganisationsService {
  constructor(
    private readonly tenants: TenantsService,
    private readonly users: UsersService,
    private readonly audit: AuditService,
  ) {}

  /** Makes an organisation of which the founder is the tenant_admin; joins the open transaction. */
  async found(founder: Founder, name: string, origin: { ip: string; requestId: string }): Promise<string> {
    const tenant = await this.tenants.create(name, FIRST_PLAN);
    const membershipId = await this.users.addMember(founder.id, tenant.id, 'tenant_admin');
    const object = { type: 'tenant', id: tenant.id, name: tenant.name };
    await this.audit.recordMany(
      [tenant.id, null].map((tenantId) => ({
        actor: auditActor(tenantId, founder, origin),
        action: 'tenant.create',
        object,
        details: { admin: founder.email },
      })),
    );
    return membershipId;
  }

  /** The organisations that a proven mailbox may join by its domain. */
  async listOpenTo(email: string): Promise<{ id: string; name: string }[]> {
    const domain = email.split('@').at(-1) ?? '';
    return domain === '' ? [] : this.tenants.listOpenTo(domain);
  }

  /** Joins as viewer, if the organisation lets the domain in; throws `not_open`. Joins the open transaction. */
  async joinByDomain(
    person: Founder,
    tenantId: string,
    origin: { ip: string; requestId: string },
  ): Promise<string> {
    const open = await this.listOpenTo(person.email);
    if (!open.some(({ id }) => id === tenantId))
      throw new AppError(
        'forbidden',
        'not_open',
        'This organisation does not let your address join by itself.',
      );
    const membershipId = await this.users.join(person.id, tenantId, 'viewer');
    await this.audit.record(auditActor(tenantId, person, origin), 'membership.join', {
      object: { type: 'membership', id: membershipId, name: person.email },
      details: { role: 'viewer', by: 'e-mail domain' },
    });
    return membershipId;
  }
}
