import { Injectable } from '@nestjs/common';
import { Transactions } from '../persistence/transactions.js';

export interface NewMail {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly subject: string;
  readonly sealedBody: string;
}

export interface WaitingMail {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly subject: string;
  readonly sealed_body: string;
  readonly attempts: number;
}

@Injectable()
export class MailRepository {
  constructor(private readonly transactions: Transactions) {}

  async insert({ id, kind, recipient, subject, sealedBody }: NewMail, now: Date): Promise<void> {
    await this.transactions.manager.query(
      `insert into mail (id, kind, recipient, subject, sealed_body, state, created_at)
       values ($1, $2, $3, $4, $5, 'waiting', $6)`,
      [id, kind, recipient, subject, sealedBody, now],
    );
  }

  async findWaiting(id: string): Promise<WaitingMail | undefined> {
    const [row] = await this.transactions.manager.query<WaitingMail[]>(
      `select id, kind, recipient, subject, sealed_body, attempts from mail where id = $1 and state = 'waiting'`,
      [id],
    );
    return row;
  }

  /** The text is of no use any more and would only be a place where links lie about. */
  async end(id: string, state: 'sent' | 'failed', error: string | null, now: Date): Promise<void> {
    await this.transactions.manager.query(
      `update mail set state = $2, last_error = $3, ended_at = $4, sealed_body = null, attempts = attempts + 1
        where id = $1 and state = 'waiting'`,
      [id, state, error, now],
    );
  }

  async noteFailure(id: string, error: string): Promise<void> {
    await this.transactions.manager.query(
      `update mail set attempts = attempts + 1, last_error = $2 where id = $1 and state = 'waiting'`,
      [id, error],
    );
  }

  /** Mails of one kind to one address since a moment. */
  async countSince(recipient: string, kind: string, since: Date): Promise<number> {
    const [row] = await this.transactions.manager.query<{ count: number }[]>(
      'select count(*)::int as count from mail where recipient = $1 and kind = $2 and created_at > $3',
      [recipient, kind, since],
    );
    return row?.count ?? 0;
  }

  async prune(before: Date): Promise<void> {
    await this.transactions.manager.query('delete from mail where created_at < $1', [before]);
  }
}
