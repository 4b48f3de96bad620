import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { SignInAttemptsRepository } from './sign-in-attempts.repository.js';

const MAX_FAILURES = 5;
const LOCK_MS = 15 * 60_000;

const accountSubject = (emailKey: string): string => `account:${emailKey}`;
const addressSubject = (ip: string): string => `address:${ip}`;

/**
 * Five failures lock an account's address for 15 minutes, whether or not there is such an account; failures for five
 * different accounts lock the place they come from. Several wrong passwords of one person do not lock their office.
 */
@Injectable()
export class LockoutService {
  constructor(
    private readonly attempts: SignInAttemptsRepository,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes one of the attempts that are left, before the password is looked at: of fifty at once five get through.
   * Throws `sign_in_locked` when none is left.
   */
  async takeAttempt(emailKey: string, ip: string): Promise<string> {
    const now = this.clock.now();
    const subjects = [accountSubject(emailKey), addressSubject(ip)];
    return this.transactions.run(async () => {
      await this.attempts.lockEmail(emailKey);
      const until = await this.attempts.lockedUntil(subjects, now);
      if (until !== null) throw locked(until, now);
      const id = await this.attempts.insert(emailKey, ip, now);
      await this.lockIfExhausted(emailKey, ip, now);
      return id;
    });
  }

  /** The attempt was right after all: it opens what it had locked. Joins the open transaction. */
  async succeeded(attemptId: string, emailKey: string, ip: string): Promise<void> {
    await this.attempts.markSucceeded(attemptId);
    await this.attempts.unlock(accountSubject(emailKey));
    await this.attempts.unlock(addressSubject(ip));
  }

  /** Opens what failures had locked for somebody who proved otherwise who they are; joins the open transaction. */
  async pardon(emailKey: string, ip: string): Promise<void> {
    const attempt = await this.attempts.insert(emailKey, ip, this.clock.now());
    await this.attempts.markSucceeded(attempt);
    await this.attempts.unlock(accountSubject(emailKey));
  }

  async prune(now: Date): Promise<void> {
    await this.attempts.prune(new Date(now.getTime() - 90 * 86_400_000));
  }

  private async lockIfExhausted(emailKey: string, ip: string, now: Date): Promise<void> {
    const since = new Date(now.getTime() - LOCK_MS);
    const until = new Date(now.getTime() + LOCK_MS);
    const account = accountSubject(emailKey);
    const address = addressSubject(ip);
    if ((await this.attempts.countFailures(emailKey, account, since)) >= MAX_FAILURES) {
      await this.attempts.lock(account, now, until);
    }
    if ((await this.attempts.countFailedAddresses(ip, address, since)) >= MAX_FAILURES) {
      await this.attempts.lock(address, now, until);
    }
  }
}

function locked(until: Date, now: Date): AppError {
  const seconds = Math.ceil((until.getTime() - now.getTime()) / 1000);
  const minutes = Math.ceil(seconds / 60);
  return new AppError(
    'limited',
    'sign_in_locked',
    `Too many failed attempts. Try again in ${String(minutes)} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    { retryAfter: seconds },
  );
}
