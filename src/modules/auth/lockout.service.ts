import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { SignInAttemptsRepository } from './sign-in-attempts.repository.js';

const MAX_FAILURES = 5;
const LOCK_MS = 15 * 60_000;

/** One of the attempts that were left, taken. */
export interface Attempt {
  readonly id: string;
  readonly emailKey: string;
  readonly ip: string;
  /** What it locked for the case that it fails. */
  readonly locked: readonly string[];
}

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
  async takeAttempt(emailKey: string, ip: string): Promise<Attempt> {
    const now = this.clock.now();
    const subjects = [accountSubject(emailKey), addressSubject(ip)];
    return this.transactions.run(async () => {
      await this.attempts.lockEmail(emailKey);
      const until = await this.attempts.lockedUntil(subjects, now);
      if (until !== null) throw locked(until, now);
      const id = await this.attempts.insert(emailKey, ip, now);
      return { id, emailKey, ip, locked: await this.lockIfExhausted(emailKey, ip, now) };
    });
  }

  /** The attempt was right after all: it opens what it had locked. Joins the open transaction. */
  async succeeded({ id, emailKey, ip }: Attempt): Promise<void> {
    await this.attempts.markSucceeded(id);
    await this.attempts.unlock(accountSubject(emailKey));
    await this.attempts.unlock(addressSubject(ip));
  }

  /**
   * The password was right and a code is still to come: the attempt counts neither as a failure nor as the success
   * after which earlier failures are forgotten. Joins the open transaction.
   */
  async withdraw({ id, locked }: Attempt): Promise<void> {
    await this.attempts.remove(id);
    for (const subject of locked) await this.attempts.unlock(subject);
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

  /** The subjects that this attempt locked, should it be one too many. */
  private async lockIfExhausted(emailKey: string, ip: string, now: Date): Promise<string[]> {
    const since = new Date(now.getTime() - LOCK_MS);
    const until = new Date(now.getTime() + LOCK_MS);
    const account = accountSubject(emailKey);
    const address = addressSubject(ip);
    const locked: string[] = [];
    if ((await this.attempts.countFailures(emailKey, account, since)) >= MAX_FAILURES) locked.push(account);
    if ((await this.attempts.countFailedAddresses(ip, address, since)) >= MAX_FAILURES) locked.push(address);
    for (const subject of locked) await this.attempts.lock(subject, now, until);
    return locked;
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
