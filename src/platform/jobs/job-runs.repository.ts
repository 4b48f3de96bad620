import { Injectable } from '@nestjs/common';
import { Transactions } from '../persistence/transactions.js';

/** The slots of scheduled jobs: claimed once, and how each went. */
@Injectable()
export class JobRunsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** True for the one replica that claims the slot. */
  async claim(name: string, slot: Date, now: Date): Promise<boolean> {
    const rows = await this.transactions.manager.query<unknown[]>(
      `insert into job_run (name, slot, claimed_at) values ($1, $2, $3) on conflict do nothing returning name`,
      [name, slot, now],
    );
    return rows.length > 0;
  }

  async start(name: string, slot: Date, now: Date): Promise<void> {
    await this.transactions.manager.query(
      `update job_run set started_at = $3, attempts = attempts + 1, finished_at = null, outcome = null, error = null
        where name = $1 and slot = $2`,
      [name, slot, now],
    );
  }

  async finish(name: string, slot: Date, now: Date, error: string | null): Promise<void> {
    await this.transactions.manager.query(
      `update job_run set finished_at = $3, outcome = $4, error = $5 where name = $1 and slot = $2`,
      [name, slot, now, error === null ? 'succeeded' : 'failed', error],
    );
  }

  async prune(before: Date): Promise<void> {
    await this.transactions.manager.query('delete from job_run where claimed_at < $1', [before]);
  }
}
