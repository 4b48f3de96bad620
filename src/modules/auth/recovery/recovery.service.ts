import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { atLeast } from '../../../platform/clock/at-least.js';
import { notFound } from '../../../platform/errors/app-error.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { emailKey, type AccountFacts } from '../../users/users.types.js';
import { linkInvalid } from '../links/account-links.service.js';
import { LockoutService } from '../lockout.service.js';
import { NewPasswordsService } from '../new-passwords/new-passwords.service.js';
import type { RequestPlace } from '../registration/registration.types.js';
import { AccountBook, LinkMail } from '../registration/verification.service.js';
import { SessionsService } from '../sessions.service.js';
import { forcedResetMail, noPasswordMail, passwordChangedMail, resetMail } from './recovery.mails.js';

const FOR_ONE_ADDRESS = { name: 'password.forget', times: 5, seconds: 3600 };
const FROM_ONE_PLACE = { name: 'password.forget.place', times: 30, seconds: 3600 };
/** Longer than the writing takes, so that time does not tell a known address from an unknown one. */
const FLOOR_MS = 100;

/** Who is kept out, who is in, and the password between them. */
@Injectable()
export class Doors {
  constructor(
    readonly sessions: SessionsService,
    readonly lockout: LockoutService,
    readonly newPasswords: NewPasswordsService,
  ) {}
}

/** New passwords for those who cannot, or may not, use the present one. */
@Injectable()
export class RecoveryService {
  constructor(
    private readonly book: AccountBook,
    private readonly mail: LinkMail,
    private readonly doors: Doors,
    private readonly transactions: Transactions,
  ) {}

  /** Mails a link to whoever has an account; the answer is the same for everybody. */
  async forget(email: string, place: RequestPlace): Promise<void> {
    await this.mail.limits.take(FROM_ONE_PLACE, place.ip);
    await this.mail.limits.take(FOR_ONE_ADDRESS, emailKey(email));
    await atLeast(FLOOR_MS, async () => {
      const account = await this.book.users.findAccount(email);
      if (account?.active !== true) return;
      await this.transactions.run(async () => {
        await this.sendLink(account, resetMail);
        await this.book.log.record(account, place, 'account.forget_password');
      });
    });
  }

  /** Whose password a link sets, without doing so; undefined when the link is not good any more. */
  async find(token: string): Promise<AccountFacts | undefined> {
    const accountId = await this.mail.accountLinks.find(token, 'reset');
    const account = accountId === undefined ? undefined : await this.book.accounts.findAccount(accountId);
    return account?.active === true ? account : undefined;
  }

  /**
   * Sets the password, ends every session, and opens what failed attempts had locked. The second factor stays: a
   * mailbox alone must not take it away. Throws `link_invalid`, `weak_password`, `password_used_before`.
   */
  async reset(token: string, password: string, place: RequestPlace): Promise<void> {
    const account = await this.find(token);
    if (account === undefined) throw linkInvalid('reset');
    const passwordHash = await this.doors.newPasswords.hashNext(password, account);
    await this.transactions.run(async () => {
      await this.mail.accountLinks.use(token, 'reset');
      await this.book.accounts.setPassword(account.id, passwordHash);
      await this.book.accounts.verify(account.id);
      await this.doors.sessions.endAll(account.id, 'password reset');
      await this.doors.lockout.pardon(emailKey(account.email), place.ip);
      await this.book.log.record(account, place, 'account.reset_password');
      const content = passwordChangedMail(account.name, this.mail.links.to('/auth/forgot'));
      await this.mail.mailer.send({ kind: 'password.changed', to: account.email, content });
    });
  }

  /** A super admin takes the present password away: sessions end, and only a mailed link sets another. */
  async force(actor: Actor, email: string): Promise<void> {
    const account = await this.book.users.findAccount(email);
    if (account === undefined) throw notFound('account');
    const facts = { object: { type: 'account', id: account.id, name: account.email } };
    await this.transactions.run(async () => {
      await this.book.accounts.requireNewPassword(account.id);
      await this.doors.sessions.endAll(account.id, 'password reset forced');
      await this.sendLink(account, forcedResetMail);
      await this.book.log.recordBy(actor, account.id, 'account.force_reset', facts);
    });
  }

  private async sendLink(account: AccountFacts, mailOf: typeof resetMail): Promise<void> {
    const { mailer, links, accountLinks } = this.mail;
    const content =
      account.passwordHash === null
        ? noPasswordMail(account.name, links.to('/'))
        : mailOf(
            account.name,
            links.to('/auth/reset', { token: await accountLinks.issue(account.id, 'reset') }),
          );
    await mailer.send({ kind: 'password.reset', to: account.email, content });
  }
}
