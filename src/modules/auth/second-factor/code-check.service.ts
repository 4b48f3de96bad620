import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { emailKey, type AccountFacts } from '../../users/users.types.js';
import { AccountAudit } from '../account-audit.js';
import { LockoutService } from '../lockout.service.js';
import { invalidCode, SecondFactorService } from './second-factor.service.js';

/** Codes that people give: each counts against the account like a password, whichever sign-in it belongs to. */
@Injectable()
export class CodeCheckService {
  constructor(
    private readonly factors: SecondFactorService,
    private readonly lockout: LockoutService,
    private readonly log: AccountAudit,
    private readonly transactions: Transactions,
  ) {}

  async isNeeded(accountId: string): Promise<boolean> {
    return this.factors.isEnabled(accountId);
  }

  /** Uses a code up; throws `invalid_code`, or `sign_in_locked` after five wrong ones. */
  async pass(account: AccountFacts, code: string, origin: { ip: string; requestId: string }): Promise<void> {
    const attempt = await this.lockout.takeAttempt(emailKey(account.email), origin.ip);
    const kind = await this.transactions.run(async () => {
      const used = await this.factors.use(account.id, code);
      if (used !== undefined) await this.lockout.succeeded(attempt);
      if (used === 'recovery') await this.log.record(account, origin, 'auth.recovery_code');
      return used;
    });
    if (kind !== undefined) return;
    await this.log.record(account, origin, 'auth.second_factor', { outcome: 'refused' });
    throw invalidCode();
  }
}
