import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { notFound } from '../../platform/errors/app-error.js';
import { accountFacts } from './account-facts.js';
import { UsersRepository } from './users.repository.js';
import type { AccountFacts } from './users.types.js';

/** How many passwords, the present one included, may not be taken again. */
const REMEMBERED = 5;

/** What a person changes about their own account, in whichever tenants it is a member. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly clock: Clock,
  ) {}

  async findAccount(accountId: string): Promise<AccountFacts | undefined> {
    const account = await this.users.findAccountById(accountId);
    return account === undefined ? undefined : accountFacts(account);
  }

  async getAccount(accountId: string): Promise<AccountFacts> {
    const account = await this.findAccount(accountId);
    if (account === undefined) throw notFound('account');
    return account;
  }

  /** With the row locked until the open transaction ends. */
  async lockAccount(accountId: string): Promise<AccountFacts> {
    const account = await this.users.lockAccount(accountId);
    if (account === undefined) throw notFound('account');
    return accountFacts(account);
  }

  /** The mailbox was proven to be theirs; does nothing when it was before. */
  async verify(accountId: string): Promise<void> {
    const account = await this.lockAccount(accountId);
    if (!account.emailVerified)
      await this.users.updateAccount(accountId, { emailVerifiedAt: this.clock.now() });
  }

  async rename(accountId: string, name: string): Promise<void> {
    await this.users.updateAccount(accountId, { name });
  }

  /** Joins the open transaction; whoever calls ends the sessions. */
  async setPassword(accountId: string, passwordHash: string): Promise<void> {
    const now = this.clock.now();
    await this.users.updateAccount(accountId, {
      passwordHash,
      passwordChangedAt: now,
      mustChangePassword: false,
    });
    await this.users.rememberPassword(accountId, passwordHash, now);
    await this.users.forgetPasswords(accountId, REMEMBERED);
  }

  /** Until a new password is set by a link that was mailed, the present one signs in no more. */
  async requireNewPassword(accountId: string): Promise<void> {
    await this.users.updateAccount(accountId, { mustChangePassword: true });
  }

  /** Hashes of the passwords that may not be taken again. */
  async listPasswordHashes(accountId: string): Promise<string[]> {
    return this.users.passwordsOf(accountId, REMEMBERED);
  }
}
