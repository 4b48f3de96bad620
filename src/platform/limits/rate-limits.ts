import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { AppError } from '../errors/app-error.js';
import { Transactions } from '../persistence/transactions.js';

export interface RateLimit {
  /** What is limited, as `noun.verb`: `password.forget`. */
  readonly name: string;
  readonly times: number;
  readonly seconds: number;
}

/** How often something may happen to one subject, counted for all replicas together in windows of a fixed length. */
@Injectable()
export class RateLimits {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one more for the subject (an address, an account); throws `too_many_requests` when that is one too many.
   * Call it before a transaction is opened: what is rolled back would not count.
   */
  async take(limit: RateLimit, subject: string): Promise<void> {
    const endsAt = await this.count(limit, subject);
    if (endsAt !== null) throw tooMany(endsAt.getTime() - this.clock.millis());
  }

  /** Counts in the same way, and says whether it may happen. */
  async mayTake(limit: RateLimit, subject: string): Promise<boolean> {
    return (await this.count(limit, subject)) === null;
  }

  async prune(now: Date): Promise<void> {
    await this.transactions.manager.query('delete from rate_limit where ends_at < $1', [now]);
  }

  /** Null while there is room; else when the window ends. */
  private async count({ name, times, seconds }: RateLimit, subject: string): Promise<Date | null> {
    const now = this.clock.now();
    const endsAt = new Date(now.getTime() + seconds * 1000);
    const [row] = await this.transactions.manager.query<{ taken: number; ends_at: Date }[]>(
      `insert into rate_limit as r (subject, taken, ends_at) values ($1, 1, $2)
       on conflict (subject) do update
         set taken = case when r.ends_at <= $3 then 1 else r.taken + 1 end,
             ends_at = case when r.ends_at <= $3 then excluded.ends_at else r.ends_at end
       returning taken, ends_at`,
      [`${name}:${subject}`.slice(0, 500), endsAt, now],
    );
    if (row === undefined) throw new Error('A counter was not written.');
    return row.taken <= times ? null : row.ends_at;
  }
}

function tooMany(waitMs: number): AppError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
  const minutes = Math.ceil(retryAfter / 60);
  return new AppError(
    'limited',
    'too_many_requests',
    `That was asked for too often. Try again in ${String(minutes)} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    { retryAfter },
  );
}
