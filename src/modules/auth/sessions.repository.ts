import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Row } from '../../platform/persistence/row.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { Session, type SignInMethod } from './session.entity.js';

export interface OpenSessionRow {
  readonly id: string;
  readonly tenant_name: string | null;
  readonly ip: string;
  readonly user_agent: string;
  readonly method: SignInMethod;
  readonly created_at: Date;
  readonly last_seen_at: Date;
}

@Injectable()
export class SessionsRepository {
  constructor(private readonly transactions: Transactions) {}

  async insert(session: Row<Session>): Promise<void> {
    await this.transactions.manager.insert(Session, session);
  }

  /** By the id inside a token that we signed. */
  async find(sessionId: string): Promise<Session | undefined> {
    return (await this.transactions.manager.findOneBy(Session, { id: sessionId })) ?? undefined;
  }

  async end(sessionId: string, now: Date, reason: string): Promise<boolean> {
    const result = await this.transactions.manager.update(
      Session,
      { id: sessionId, endedAt: IsNull() },
      { endedAt: now, endReason: reason },
    );
    return result.affected === 1;
  }

  /** Holds the row until the transaction ends. */
  async lock(sessionId: string): Promise<Session | undefined> {
    const found = await this.transactions.manager.findOne(Session, {
      where: { id: sessionId },
      lock: { mode: 'pessimistic_write' },
    });
    return found ?? undefined;
  }

  async rotate(sessionId: string, rotation: number, now: Date): Promise<void> {
    const change = { rotation, rotatedAt: now, lastSeenAt: now };
    await this.transactions.manager.update(Session, { id: sessionId }, change);
  }

  async confirm(sessionId: string, now: Date): Promise<void> {
    await this.transactions.manager.update(Session, { id: sessionId }, { confirmedAt: now });
  }

  /** The sessions of an account that are open and were used lately, the latest used first. */
  async listOpen(accountId: string, now: Date, usedSince: Date): Promise<OpenSessionRow[]> {
    return this.transactions.manager.query<OpenSessionRow[]>(
      `select s.id, t.name as tenant_name, s.ip, s.user_agent, s.method, s.created_at, s.last_seen_at
         from session s left join tenant t on t.id = s.tenant_id
        where s.account_id = $1 and s.ended_at is null and s.expires_at > $2 and s.last_seen_at > $3
        order by s.last_seen_at desc, s.id`,
      [accountId, now, usedSince],
    );
  }

  async endAll(
    accountId: string,
    { now, reason, exceptSessionId }: { now: Date; reason: string; exceptSessionId: string | null },
  ): Promise<number> {
    const [, count] = await this.transactions.manager.query<[unknown, number]>(
      `update session set ended_at = $2, end_reason = $3
        where account_id = $1 and ended_at is null and id is distinct from $4`,
      [accountId, now, reason, exceptSessionId],
    );
    return count;
  }

  /** When each session was used last; an older time never replaces a newer one. */
  async touch(seen: ReadonlyMap<string, Date>): Promise<void> {
    await this.transactions.manager.query(
      `update session s set last_seen_at = greatest(s.last_seen_at, seen.at)
         from unnest($1::uuid[], $2::timestamptz[]) as seen (id, at) where s.id = seen.id`,
      [[...seen.keys()], [...seen.values()]],
    );
  }

  /** Those of the given sessions that last at this moment and were used since `usedSince`. */
  async lasting(ids: readonly string[], now: Date, usedSince: Date): Promise<string[]> {
    const rows = await this.transactions.manager.query<{ id: string }[]>(
      `select id from session
        where id = any($1) and ended_at is null and expires_at > $2 and last_seen_at > $3`,
      [ids, now, usedSince],
    );
    return rows.map((row) => row.id);
  }

  async prune(before: Date): Promise<void> {
    await this.transactions.manager.query('delete from session where expires_at < $1', [before]);
  }
}
