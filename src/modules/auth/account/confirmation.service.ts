import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { Clock } from '../../../platform/clock/clock.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { AccountsService } from '../../users/accounts.service.js';
import { emailKey } from '../../users/users.types.js';
import { SignInGate } from '../sign-in.service.js';
import { SessionsRepository } from '../sessions.repository.js';

/** How long it is believed that whoever sits at the screen is still the one who signed in. */
const FRESH_MS = 5 * 60_000;

/** What somebody shows to prove again who they are; one of the two is enough. */
export interface Proof {
  readonly password?: string;
  readonly code?: string;
}

/** Asks again who somebody is before they do what would help a thief of their session most. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly accounts: AccountsService,
    private readonly gate: SignInGate,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async isFresh({ sessionId }: Actor): Promise<boolean> {
    const session = await this.sessions.find(sessionId);
    return session !== undefined && this.clock.millis() - session.confirmedAt.getTime() <= FRESH_MS;
  }

  /** Throws `confirmation_required` when the last proof is more than five minutes old. */
  async require(actor: Actor): Promise<void> {
    if (await this.isFresh(actor)) return;
    throw new AppError(
      'forbidden',
      'confirmation_required',
      'Confirm first that it is you: send your password or a code to /auth/confirm.',
      { recorded: true },
    );
  }

  /** Wrong ones count like those at the sign-in; throws `invalid_credentials`, `invalid_code`, `sign_in_locked`. */
  async confirm(actor: Actor, { password, code }: Proof): Promise<void> {
    const account = await this.accounts.getAccount(actor.accountId);
    if (password !== undefined) await this.checkPassword(actor, password, account.passwordHash);
    else if (code !== undefined) await this.gate.codes.pass(account, code, actor);
    else throw new AppError('invalid', 'proof_missing', 'Give your password or a code.');
    await this.sessions.confirm(actor.sessionId, this.clock.now());
  }

  private async checkPassword(actor: Actor, password: string, hash: string | null): Promise<void> {
    const { lockout, passwords, log } = this.gate;
    const attempt = await lockout.takeAttempt(emailKey(actor.email), actor.ip);
    if (await passwords.matches(password, hash)) {
      await this.transactions.run(async () => lockout.withdraw(attempt));
      return;
    }
    await log.record({ ...actor, id: actor.accountId }, actor, 'auth.confirm', { outcome: 'refused' });
    throw new AppError('unauthenticated', 'invalid_credentials', 'The password is wrong.');
  }
}
