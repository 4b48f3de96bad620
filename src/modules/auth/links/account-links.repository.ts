import { Injectable } from '@nestjs/common';
import { newId } from '../../../platform/persistence/ids.js';
import { Transactions } from '../../../platform/persistence/transactions.js';

export type LinkPurpose = 'verify' | 'reset';

@Injectable()
export class AccountLinksRepository {
  constructor(private readonly transactions: Transactions) {}

  async insert(
    accountId: string,
    purpose: LinkPurpose,
    { hash, now, expiresAt }: { hash: Buffer; now: Date; expiresAt: Date },
  ): Promise<void> {
    await this.transactions.manager.query(
      `insert into account_link (id, account_id, purpose, token_hash, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [newId(), accountId, purpose, hash, now, expiresAt],
    );
  }

  /** The account of a link that is still good. */
  async find(hash: Buffer, purpose: LinkPurpose, now: Date): Promise<string | undefined> {
    const [row] = await this.transactions.manager.query<{ account_id: string }[]>(
      `select account_id from account_link
        where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3`,
      [hash, purpose, now],
    );
    return row?.account_id;
  }

  /** The account, for the one caller that uses the link; everybody else comes too late. */
  async use(hash: Buffer, purpose: LinkPurpose, now: Date): Promise<string | undefined> {
    const [rows] = await this.transactions.manager.query<[{ account_id: string }[], number]>(
      `update account_link set used_at = $3
        where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3 returning account_id`,
      [hash, purpose, now],
    );
    return rows[0]?.account_id;
  }

  /** Links of an account that were sent before and are of no use any more. */
  async kill(accountId: string, purpose: LinkPurpose, now: Date): Promise<void> {
    await this.transactions.manager.query(
      `update account_link set used_at = $3 where account_id = $1 and purpose = $2 and used_at is null`,
      [accountId, purpose, now],
    );
  }

  async prune(before: Date): Promise<void> {
    await this.transactions.manager.query('delete from account_link where expires_at < $1', [before]);
  }
}
