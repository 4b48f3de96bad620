import { Injectable } from '@nestjs/common';
import { newId } from '../../platform/persistence/ids.js';
import { Transactions } from '../../platform/persistence/transactions.js';

/** Attempts to sign in, and who is locked out. */
@Injectable()
export class SignInAttemptsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Makes attempts for one address come one after the other until the transaction ends. */
  async lockEmail(emailKey: string): Promise<void> {
    await this.transactions.manager.query('select pg_advisory_xact_lock(hashtextextended($1, 7))', [
      emailKey,
    ]);
  }

  /** Until when any of the subjects is locked out. */
  async lockedUntil(subjects: readonly string[], now: Date): Promise<Date | null> {
    const [row] = await this.transactions.manager.query<{ until: Date | null }[]>(
      'select max(locked_until) as until from sign_in_lock where subject = any($1) and locked_until > $2',
      [subjects, now],
    );
    return row?.until ?? null;
  }

  async lock(subject: string, now: Date, until: Date): Promise<void> {
    await this.transactions.manager.query(
      `insert into sign_in_lock (subject, locked_at, locked_until) values ($1, $2, $3)
       on conflict (subject) do update set locked_at = excluded.locked_at, locked_until = excluded.locked_until`,
      [subject, now, until],
    );
  }

  async unlock(subject: string): Promise<void> {
    await this.transactions.manager.query('delete from sign_in_lock where subject = $1', [subject]);
  }

  /** Counts as failed until it is marked otherwise. */
  async insert(emailKey: string, ip: string, now: Date): Promise<string> {
    const id = newId();
    await this.transactions.manager.query(
      'insert into sign_in_attempt (id, email_key, ip, succeeded, at) values ($1, $2, $3, false, $4)',
      [id, emailKey, ip, now],
    );
    return id;
  }

  async remove(id: string): Promise<void> {
    await this.transactions.manager.query('delete from sign_in_attempt where id = $1', [id]);
  }

  async markSucceeded(id: string): Promise<void> {
    await this.transactions.manager.query('update sign_in_attempt set succeeded = true where id = $1', [id]);
  }

  /** Failures for an address since the last success and the last lock. */
  async countFailures(emailKey: string, subject: string, since: Date): Promise<number> {
    const [row] = await this.transactions.manager.query<{ count: number }[]>(
      `select count(*)::int as count from sign_in_attempt a
        where a.email_key = $1 and not a.succeeded and a.at > $3
          and a.at > coalesce((select max(at) from sign_in_attempt where email_key = $1 and succeeded), '-infinity')
          and a.at > coalesce((select locked_at from sign_in_lock where subject = $2), '-infinity')`,
      [emailKey, subject, since],
    );
    return row?.count ?? 0;
  }

  /** E-mail addresses that failed from one place since it last was locked and did not succeed there after. */
  async countFailedAddresses(ip: string, subject: string, since: Date): Promise<number> {
    const [row] = await this.transactions.manager.query<{ count: number }[]>(
      `select count(distinct a.email_key)::int as count from sign_in_attempt a
        where a.ip = $1 and not a.succeeded and a.at > $3
          and a.at > coalesce((select locked_at from sign_in_lock where subject = $2), '-infinity')
          and not exists (select from sign_in_attempt b
                           where b.ip = $1 and b.email_key = a.email_key and b.succeeded and b.at >= a.at)`,
      [ip, subject, since],
    );
    return row?.count ?? 0;
  }

  async prune(before: Date): Promise<void> {
    await this.transactions.manager.query('delete from sign_in_attempt where at < $1', [before]);
    await this.transactions.manager.query('delete from sign_in_lock where locked_until < $1', [before]);
  }
}
