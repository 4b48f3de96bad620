import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { Clock } from '../../../platform/clock/clock.js';
import { AccountsService } from '../../users/accounts.service.js';
import { ApiKeysService } from '../api-keys/api-keys.service.js';
import { apiKeyRow } from '../api-keys/api-keys.view.js';
import { SecondFactorService } from '../second-factor/second-factor.service.js';
import { profilePage, sessionRow, type ProfilePage, type SessionRow } from './account.view.js';
import { SessionKeepingService } from './session-keeping.service.js';

/** Gathers what the profile page shows. */
@Injectable()
export class ProfilePages {
  constructor(
    private readonly accounts: AccountsService,
    private readonly factors: SecondFactorService,
    private readonly sessions: SessionKeepingService,
    private readonly keys: ApiKeysService,
    private readonly clock: Clock,
  ) {}

  async of(actor: Actor): Promise<ProfilePage> {
    const [account, factor, sessions, keys] = await Promise.all([
      this.accounts.getAccount(actor.accountId),
      this.factors.stateOf(actor.accountId),
      this.sessionsOf(actor),
      this.keys.list(actor),
    ]);
    const now = this.clock.now();
    return profilePage(actor, account, { factor, sessions, keys: keys.map((key) => apiKeyRow(key, now)) });
  }

  async sessionsOf(actor: Actor): Promise<SessionRow[]> {
    return (await this.sessions.list(actor)).map((row) => sessionRow(row, actor.sessionId));
  }
}
