import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../platform/persistence/transactions.js';

export interface FactorRow {
  readonly sealed_secret: string;
  readonly confirmed_at: Date | null;
}

@Injectable()
export class SecondFactorRepository {
  constructor(private readonly transactions: Transactions) {}

  async find(accountId: string): Promise<FactorRow | undefined> {
    const [row] = await this.transactions.manager.query<FactorRow[]>(
      'select sealed_secret, confirmed_at from second_factor where account_id = $1',
      [accountId],
    );
    return row;
  }

  /** Begins anew unless a factor is in use already. */
  async putUnconfirmed(accountId: string, sealedSecret: string, now: Date): Promise<void> {
    await this.transactions.manager.query(
      `insert into second_factor as f (account_id, sealed_secret, created_at) values ($1, $2, $3)
       on conflict (account_id) do update
         set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at, last_step = 0
       where f.confirmed_at is null`,
      [accountId, sealedSecret, now],
    );
  }

  async confirm(accountId: string, now: Date): Promise<void> {
    await this.transactions.manager.query(
      'update second_factor set confirmed_at = $2 where account_id = $1 and confirmed_at is null',
      [accountId, now],
    );
  }

  /** True for the one caller that uses the code of this step. */
  async useStep(accountId: string, step: number): Promise<boolean> {
    const [, count] = await this.transactions.manager.query<[unknown, number]>(
      'update second_factor set last_step = $2 where account_id = $1 and last_step < $2',
      [accountId, step],
    );
    return count === 1;
  }

  async remove(accountId: string): Promise<void> {
    await this.transactions.manager.query('delete from second_factor where account_id = $1', [accountId]);
  }

  async replaceRecoveryCodes(accountId: string, hashes: readonly Buffer[]): Promise<void> {
    await this.transactions.manager.query('delete from recovery_code where account_id = $1', [accountId]);
    await this.transactions.manager.query(
      'insert into recovery_code (account_id, code_hash) select $1, unnest($2::bytea[])',
      [accountId, hashes],
    );
  }

  /** True for the one caller that uses the code. */
  async useRecoveryCode(accountId: string, hash: Buffer, now: Date): Promise<boolean> {
    const [, count] = await this.transactions.manager.query<[unknown, number]>(
      'update recovery_code set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null',
      [accountId, hash, now],
    );
    return count === 1;
  }

  async countRecoveryCodes(accountId: string): Promise<number> {
    const [row] = await this.transactions.manager.query<{ count: number }[]>(
      'select count(*)::int as count from recovery_code where account_id = $1 and used_at is null',
      [accountId],
    );
    return row?.count ?? 0;
  }
}
