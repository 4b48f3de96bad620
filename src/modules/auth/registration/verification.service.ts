import { Injectable } from '@nestjs/common';
import { atLeast } from '../../../platform/clock/at-least.js';
import { RateLimits } from '../../../platform/limits/rate-limits.js';
import { Links } from '../../../platform/mail/links.js';
import { Mailer } from '../../../platform/mail/mailer.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { AccountsService } from '../../users/accounts.service.js';
import { UsersService } from '../../users/users.service.js';
import { emailKey, type AccountFacts } from '../../users/users.types.js';
import { AccountAudit } from '../account-audit.js';
import { AccountLinksService } from '../links/account-links.service.js';
import { accountExistsMail, verificationMail } from './registration.mails.js';
import type { RequestPlace } from './registration.types.js';

const RESENDS = { name: 'address.verify', times: 5, seconds: 3600 };
const RESENDS_FROM_ONE_PLACE = { name: 'address.verify.place', times: 30, seconds: 3600 };
/** Mails that a stranger can cause to an address in an hour. */
const UNASKED = { name: 'account.remind', times: 3, seconds: 3600 };
const FLOOR_MS = 100;

/** Mails that go out, with links that lead back. */
@Injectable()
export class LinkMail {
  constructor(
    readonly mailer: Mailer,
    readonly links: Links,
    readonly accountLinks: AccountLinksService,
    readonly limits: RateLimits,
  ) {}
}

/** Accounts, and the record of what happens to them. */
@Injectable()
export class AccountBook {
  constructor(
    readonly users: UsersService,
    readonly accounts: AccountsService,
    readonly log: AccountAudit,
  ) {}
}

/** Proving that a mailbox is one's own. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly book: AccountBook,
    private readonly mail: LinkMail,
    private readonly transactions: Transactions,
  ) {}

  /** Sends a new link; joins the open transaction. */
  async send(account: AccountFacts): Promise<void> {
    const token = await this.mail.accountLinks.issue(account.id, 'verify');
    const content = verificationMail(account.name, this.mail.links.to('/auth/verify', { token }));
    await this.mail.mailer.send({ kind: 'address.verify', to: account.email, content });
  }

  /** Tells the owner of an address that somebody registered with it again. */
  async remind(account: AccountFacts): Promise<void> {
    if (!(await this.mail.limits.mayTake(UNASKED, emailKey(account.email)))) return;
    if (!account.emailVerified) return this.transactions.run(async () => this.send(account));
    const content = accountExistsMail(account.name, this.mail.links.to('/'));
    await this.transactions.run(async () =>
      this.mail.mailer.send({ kind: 'account.remind', to: account.email, content }),
    );
  }

  /** Sends the link again where it is still of use. The answer is the same whether or not there is such an account. */
  async resend(email: string, place: RequestPlace): Promise<void> {
    await this.mail.limits.take(RESENDS_FROM_ONE_PLACE, place.ip);
    await this.mail.limits.take(RESENDS, emailKey(email));
    await atLeast(FLOOR_MS, async () => {
      const account = await this.book.users.findAccount(email);
      if (account?.active === true && !account.emailVerified)
        await this.transactions.run(async () => this.send(account));
    });
  }

  /** The address that a link verifies, without doing so; undefined when the link is not good any more. */
  async findEmail(token: string): Promise<string | undefined> {
    const accountId = await this.mail.accountLinks.find(token, 'verify');
    return accountId === undefined ? undefined : (await this.book.accounts.findAccount(accountId))?.email;
  }

  /** Throws `link_invalid`. */
  async verify(token: string, place: RequestPlace): Promise<AccountFacts> {
    return this.transactions.run(async () => {
      const accountId = await this.mail.accountLinks.use(token, 'verify');
      await this.book.accounts.verify(accountId);
      const account = await this.book.accounts.getAccount(accountId);
      await this.book.log.record(account, place, 'account.verify');
      return account;
    });
  }
}
