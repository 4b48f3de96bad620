import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { AppError, notFound } from '../../../platform/errors/app-error.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { UsersService } from '../../users/users.service.js';
import type { MemberFacts } from '../../users/users.types.js';
import { SessionCache } from '../session-cache.js';
import { SessionJournal } from '../sign-in.service.js';
import { SessionsRepository, type OpenSessionRow } from '../sessions.repository.js';
import { GRACE_MS, TokenRotation } from '../token-rotation.js';

export interface SessionTimes {
  readonly expiresAt: Date;
  /** When it ends if nothing more is done. */
  readonly idleEndsAt: Date;
}

export interface RefreshedSession {
  readonly token: string;
  readonly expiresAt: Date;
  readonly member: MemberFacts;
}

/** Sessions as rows, as tokens and as they are remembered here. */
@Injectable()
export class SessionShelf {
  constructor(
    readonly rows: SessionsRepository,
    readonly rotation: TokenRotation,
    readonly cache: SessionCache,
  ) {}
}

/** What a person does with the sessions of their own account. */
@Injectable()
export class SessionKeepingService {
  private readonly idleMs: number;

  constructor(
    private readonly shelf: SessionShelf,
    private readonly users: UsersService,
    private readonly journal: SessionJournal,
    private readonly transactions: Transactions,
    @Inject(CONFIG) config: Config,
  ) {
    this.idleMs = config.auth.idleMinutes * 60_000;
  }

  /** Every session of the account that is open, in whichever organisation, the latest used first. */
  async list({ accountId }: Actor): Promise<OpenSessionRow[]> {
    const now = this.shelf.cache.clock.now();
    return this.shelf.rows.listOpen(accountId, now, new Date(now.getTime() - this.idleMs));
  }

  async end(actor: Actor, sessionId: string): Promise<void> {
    const session = await this.shelf.rows.find(sessionId);
    if (session?.accountId !== actor.accountId || session.endedAt !== null) throw notFound('session');
    await this.transactions.run(async () => {
      await this.journal.sessions.end(sessionId, 'ended by its owner');
      const object = { type: 'session', id: sessionId };
      await this.journal.audit.record(actor, 'auth.end_session', { object });
    });
  }

  /** Signs out everywhere, here too unless this session is to stay; answers how many ended. */
  async endAll(actor: Actor, keepThis: boolean): Promise<number> {
    return this.transactions.run(async () => {
      const { accountId, sessionId } = actor;
      const ended = await this.journal.sessions.endAll(
        accountId,
        'signed out everywhere',
        keepThis ? sessionId : null,
      );
      await this.journal.audit.record(actor, 'auth.end_sessions', { details: { ended } });
      return ended;
    });
  }

  async timesOf({ sessionId }: Actor): Promise<SessionTimes> {
    const session = await this.shelf.rows.find(sessionId);
    if (session === undefined) throw notFound('session');
    const seen = Math.max(session.lastSeenAt.getTime(), this.shelf.cache.lastSeenOf(sessionId) ?? 0);
    const idleEndsAt = new Date(Math.min(seen + this.idleMs, session.expiresAt.getTime()));
    return { expiresAt: session.expiresAt, idleEndsAt };
  }

  /**
   * Exchanges the token; the session and its end stay. Tabs that ask at the same time get the same new one. An older
   * token that is used later ends the session: somebody else has it.
   */
  async refresh(actor: Actor): Promise<RefreshedSession> {
    const { rows, rotation, cache } = this.shelf;
    return this.transactions.run(async () => {
      const session = await rows.lock(actor.sessionId);
      const member = await this.users.findMember(actor.tenantId, actor.membershipId);
      if (session?.endedAt !== null || member === undefined)
        throw new AppError('unauthenticated', 'not_signed_in', 'This session has ended. Sign in again.');
      const now = cache.clock.now();
      const rotatedMs = now.getTime() - (session.rotatedAt?.getTime() ?? 0);
      if (rotatedMs > GRACE_MS) {
        session.rotation += 1;
        await rows.rotate(session.id, session.rotation, now);
        await cache.announceChange(session.id);
      }
      return { token: rotation.sign(session, member), expiresAt: session.expiresAt, member };
    });
  }
}
