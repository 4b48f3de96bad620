import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { passwordChangedMail } from '../recovery/recovery.mails.js';
import { Doors } from '../recovery/recovery.service.js';
import { AccountBook, LinkMail } from '../registration/verification.service.js';
import { SessionCache } from '../session-cache.js';
import type { SignedIn, SignInOrigin } from '../steps/sign-in-steps.types.js';
import { ConfirmationService } from './confirmation.service.js';

/** Who it is, proven; and where their sessions are remembered. */
@Injectable()
export class Identity {
  constructor(
    readonly confirmation: ConfirmationService,
    readonly cache: SessionCache,
  ) {}
}

/** What people change about their own account. */
@Injectable()
export class OwnAccountService {
  constructor(
    private readonly book: AccountBook,
    private readonly doors: Doors,
    private readonly identity: Identity,
    private readonly mail: LinkMail,
    private readonly transactions: Transactions,
  ) {}

  async rename(actor: Actor, name: string): Promise<void> {
    await this.transactions.run(async () => {
      await this.book.accounts.rename(actor.accountId, name);
      await this.identity.cache.announceChange(actor.accountId);
      const details = { from: actor.name, to: name };
      await this.book.log.recordOwn(actor, 'account.rename', { details });
    });
  }

  /**
   * Ends every session, this one too; a new one stands in its place for whoever knew the old password. Throws
   * `invalid_credentials`, `sign_in_locked`, `weak_password`, `password_used_before`.
   */
  async changePassword(
    actor: Actor,
    { current, password }: { current: string; password: string },
    origin: SignInOrigin,
  ): Promise<SignedIn> {
    const account = await this.book.accounts.getAccount(actor.accountId);
    await this.identity.confirmation.confirm(actor, { password: current }).catch(asField);
    const passwordHash = await this.doors.newPasswords.hashNext(password, account);
    return this.transactions.run(async () => {
      await this.book.accounts.setPassword(account.id, passwordHash);
      const member = await this.book.users.findMember(actor.tenantId, actor.membershipId);
      if (member === undefined) throw new Error('Somebody who is signed in is no member.');
      const session = await this.doors.sessions.replace(actor.sessionId, member, origin);
      await this.doors.sessions.endAll(account.id, 'password changed', session.sessionId);
      await this.book.log.recordOwn(actor, 'account.change_password');
      const content = passwordChangedMail(account.name, this.mail.links.to('/auth/forgot'));
      await this.mail.mailer.send({ kind: 'password.changed', to: account.email, content });
      return { ...session, member };
    });
  }
}

/** Beside the field of the present password, because the form has another one. */
function asField(error: unknown): never {
  if (error instanceof AppError && error.code === 'invalid_credentials')
    throw new AppError('invalid', error.code, error.message, { fields: { current: 'is wrong' } });
  throw error;
}
