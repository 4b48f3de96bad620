import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import { UsersService } from '../../users/users.service.js';
import { AccountAudit } from '../account-audit.js';
import { ConfirmationService } from '../account/confirmation.service.js';
import { SessionsService } from '../sessions.service.js';
import { SecondFactorService } from './second-factor.service.js';

/** Who a person is, and to which organisations that matters. */
@Injectable()
export class FactorOwner {
  constructor(
    readonly confirmation: ConfirmationService,
    readonly users: UsersService,
    readonly tenants: TenantsService,
    readonly log: AccountAudit,
  ) {}
}

/** The second factor of one's own account. Everything about it asks first who it is. */
@Injectable()
export class OwnFactorService {
  constructor(
    private readonly factors: SecondFactorService,
    private readonly owner: FactorOwner,
    private readonly sessions: SessionsService,
    private readonly transactions: Transactions,
  ) {}

  /** Whether there is one, and the secret that waits for its first code. */
  async look(actor: Actor): Promise<{ enabled: boolean; secret: string | undefined }> {
    await this.owner.confirmation.require(actor);
    const enabled = await this.factors.isEnabled(actor.accountId);
    return { enabled, secret: await this.factors.findUnconfirmed(actor.accountId) };
  }

  /** Makes a secret that waits for its first code. */
  async begin(actor: Actor): Promise<string> {
    await this.owner.confirmation.require(actor);
    await this.factors.prepare(actor.accountId);
    const secret = await this.factors.findUnconfirmed(actor.accountId);
    if (secret === undefined)
      throw new AppError(
        'conflict',
        'factor_in_use',
        'A second factor is set up already. Take it away first.',
      );
    return secret;
  }

  /** Puts it to use, answers the recovery codes, and ends the sessions that came in without it. */
  async confirm(actor: Actor, code: string): Promise<string[]> {
    await this.owner.confirmation.require(actor);
    return this.transactions.run(async () => {
      const codes = await this.factors.confirm(actor.accountId, code);
      await this.sessions.endAll(actor.accountId, 'second factor set up', actor.sessionId);
      await this.owner.log.recordOwn(actor, 'account.enrol_second_factor');
      return codes;
    });
  }

  /** The old recovery codes are worthless from now on. */
  async renewRecoveryCodes(actor: Actor): Promise<string[]> {
    await this.owner.confirmation.require(actor);
    if (!(await this.factors.isEnabled(actor.accountId)))
      throw new AppError('conflict', 'no_factor', 'There is no second factor to have recovery codes for.');
    return this.transactions.run(async () => {
      const codes = await this.factors.renewRecoveryCodes(actor.accountId);
      await this.owner.log.recordOwn(actor, 'account.renew_recovery_codes');
      return codes;
    });
  }

  async remove(actor: Actor): Promise<void> {
    await this.owner.confirmation.require(actor);
    const needing = await this.tenantNeeding(actor);
    if (needing !== undefined)
      throw new AppError('conflict', 'second_factor_required', `${needing} needs a second factor of you.`);
    await this.transactions.run(async () => {
      await this.factors.remove(actor.accountId);
      await this.owner.log.recordOwn(actor, 'account.remove_second_factor');
    });
  }

  /** The name of an organisation that asks the person for one. */
  private async tenantNeeding({ accountId }: Actor): Promise<string | undefined> {
    for (const { tenantId, tenantName, role, active } of await this.owner.users.listMemberships(accountId)) {
      const { secondFactorRoles } = await this.owner.tenants.settingsOf(tenantId);
      if (active && secondFactorRoles.includes(role)) return tenantName;
    }
    return undefined;
  }
}
