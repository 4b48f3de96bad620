import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { AuditService } from '../audit/audit.service.js';
import { systemActor } from '../audit/audit.types.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { UsersService } from '../users/users.service.js';
import { oneTimePassword, Passwords } from './passwords.js';

const DEFAULT_EMAIL = 'admin@localhost';
const FIRST_PLAN = 'business';

export interface FirstAdmin {
  readonly email: string;
  /** Null when it was preset: it is known to whoever set it. */
  readonly password: string | null;
}

@Injectable()
export class FirstPeople {
  constructor(
    readonly users: UsersService,
    readonly tenants: TenantsService,
  ) {}
}

/** Makes the super admin and a first tenant of which they are tenant_admin, when there is no account at all. */
@Injectable()
export class FirstStartService {
  constructor(
    private readonly people: FirstPeople,
    private readonly passwords: Passwords,
    private readonly audit: AuditService,
    private readonly transactions: Transactions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Who was made; undefined when there were people already. Replicas that start together make one. */
  async run(): Promise<FirstAdmin | undefined> {
    const { email: presetEmail, password: preset } = this.config.admin;
    const email = presetEmail ?? DEFAULT_EMAIL;
    const password = preset ?? oneTimePassword();
    const passwordHash = await this.passwords.hash(password);
    const made = await this.transactions.run(async () => {
      await this.transactions.manager.query('lock table account in share row exclusive mode');
      if ((await this.people.users.countAccounts()) > 0) return false;
      const account = await this.people.users.createAccount({
        email,
        name: 'Administrator',
        passwordHash,
        platformRole: 'super_admin',
      });
      const tenant = await this.people.tenants.create('First organisation', FIRST_PLAN);
      await this.people.users.addMember(account.id, tenant.id, 'tenant_admin');
      const object = { type: 'tenant', id: tenant.id, name: tenant.name };
      await this.audit.record(systemActor(tenant.id), 'tenant.create', { object, details: { admin: email } });
      await this.audit.record(systemActor(null), 'tenant.create', { object, details: { admin: email } });
      return true;
    });
    return made ? { email, password: preset === null ? password : null } : undefined;
  }
}
