import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { permissionsOf } from '../../platform/access/permissions.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { AppError } from '../../platform/errors/app-error.js';
import { newId } from '../../platform/persistence/ids.js';
import type { Row } from '../../platform/persistence/row.js';
import { UsersService } from '../users/users.service.js';
import type { MemberFacts } from '../users/users.types.js';
import { SessionCache, type CachedSession } from './session-cache.js';
import type { Session, SignInMethod } from './session.entity.js';
import { SessionsRepository } from './sessions.repository.js';
import { TokenRotation } from './token-rotation.js';

export interface OpenedSession {
  readonly sessionId: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Where somebody signs in from. */
export interface SessionOrigin {
  readonly ip: string;
  readonly userAgent: string;
}

/** What a session has from the one in whose place it stands, or from an unusual way in. */
export interface SessionBeginning {
  readonly expiresAt?: Date;
  readonly confirmedAt?: Date;
  readonly method?: SignInMethod;
}

/** A request as sessions see it. */
export interface RequestFacts {
  readonly ip: string;
  readonly requestId: string;
  /** Made by a page on its own: does not count as a use of the session. */
  readonly background: boolean;
}

/** Opens, checks and ends sessions. */
@Injectable()
export class SessionsService {
  private readonly totalMs: number;
  private readonly idleMs: number;

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly users: UsersService,
    private readonly tokens: TokenRotation,
    private readonly cache: SessionCache,
    @Inject(CONFIG) config: Config,
  ) {
    this.totalMs = config.auth.sessionHours * 3_600_000;
    this.idleMs = config.auth.idleMinutes * 60_000;
  }

  /** Opens a session for a membership; joins the open transaction. */
  async open(
    member: MemberFacts,
    { ip, userAgent }: SessionOrigin,
    beginning: SessionBeginning = {},
  ): Promise<OpenedSession> {
    const now = this.cache.clock.now();
    const session: Row<Session> = {
      id: newId(),
      accountId: member.accountId,
      membershipId: member.membershipId,
      tenantId: member.tenantId,
      accessVersion: member.accessVersion,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: beginning.expiresAt ?? new Date(now.getTime() + this.totalMs),
      endedAt: null,
      endReason: null,
      method: beginning.method ?? 'password',
      confirmedAt: beginning.confirmedAt ?? now,
      rotation: 0,
      rotatedAt: null,
      ip,
      userAgent,
    };
    await this.sessions.insert(session);
    const { id: sessionId, expiresAt } = session;
    return { sessionId, token: this.tokens.sign(session, member), expiresAt };
  }

  /**
   * Ends a session and opens one for another membership of the same account, which ends when the first one would have:
   * going from one organisation to the other does not put off the next sign-in. Joins the open transaction.
   */
  async replace(sessionId: string, member: MemberFacts, origin: SessionOrigin): Promise<OpenedSession> {
    const session = await this.sessions.find(sessionId);
    if (session?.accountId !== member.accountId || !(await this.endOne(sessionId, 'switched')))
      throw new AppError('unauthenticated', 'not_signed_in', 'This session has ended. Sign in again.');
    const { expiresAt, confirmedAt, method } = session;
    return this.open(member, origin, { expiresAt, confirmedAt, method });
  }

  /** Who acts with this token now; undefined when the session is over, the membership changed or it never was one. */
  async resolve(token: string, request: RequestFacts): Promise<Actor | undefined> {
    const session = this.cache.find(token) ?? (await this.load(token, request));
    if (session === undefined) return undefined;
    const now = this.cache.clock.millis();
    if (now >= session.expiresAt) return undefined;
    if (now - session.lastSeenAt > this.idleMs) return this.resolveIdle(token, session, request);
    return this.use(session, request, now);
  }

  /** Ends the session at once, on every replica. */
  async end(sessionId: string, reason: string): Promise<void> {
    await this.endOne(sessionId, reason);
  }

  /** Ends every session of an account at once, on every replica; one may stay. Joins the open transaction. */
  async endAll(accountId: string, reason: string, exceptSessionId: string | null = null): Promise<number> {
    const now = this.cache.clock.now();
    const ended = await this.sessions.endAll(accountId, { now, reason, exceptSessionId });
    await this.cache.announceEnd(accountId);
    return ended;
  }

  async prune(now: Date): Promise<void> {
    await this.sessions.prune(new Date(now.getTime() - 30 * 86_400_000));
  }

  private async endOne(sessionId: string, reason: string): Promise<boolean> {
    const ended = await this.sessions.end(sessionId, this.cache.clock.now(), reason);
    await this.cache.announceEnd(sessionId);
    return ended;
  }

  // Another replica may have seen this session since it was cached here.
  private async resolveIdle(
    token: string,
    cached: CachedSession,
    request: RequestFacts,
  ): Promise<Actor | undefined> {
    const fresh = await this.load(token, request);
    if (fresh === undefined) return undefined;
    const now = this.cache.clock.millis();
    if (now - Math.max(fresh.lastSeenAt, cached.lastSeenAt) > this.idleMs) {
      await this.end(fresh.sessionId, 'idle');
      return undefined;
    }
    return this.use(fresh, request, now);
  }

  private use(session: CachedSession, { ip, requestId, background }: RequestFacts, now: number): Actor {
    if (!background) this.cache.seen(session, now);
    return actorOf(session, ip, requestId);
  }

  private async load(token: string, request: RequestFacts): Promise<CachedSession | undefined> {
    const generation = this.cache.generation;
    const claims = this.tokens.read(token);
    if (claims === undefined) return undefined;
    const [session, member] = await Promise.all([
      this.sessions.find(claims.sid),
      this.users.findMember(claims.tid, claims.mid),
    ]);
    if (session === undefined || member === undefined || !isAlive(session, member)) return undefined;
    const age = this.tokens.ageOf(claims, session);
    if (age === 'reused') {
      await this.endOne(session.id, 'token reused');
      await this.tokens.recordReuse(session, member, request);
      return undefined;
    }
    const entry: CachedSession = {
      sessionId: session.id,
      member,
      permissions: permissionsOf(member.role, member.platformRole),
      expiresAt: session.expiresAt.getTime(),
      lastSeenAt: Math.max(session.lastSeenAt.getTime(), this.cache.lastSeenOf(session.id) ?? 0),
      checkedAt: this.cache.clock.millis(),
    };
    if (age === 'current') this.cache.keep(token, entry, generation);
    return entry;
  }
}

function isAlive(session: Session, member: MemberFacts): boolean {
  return (
    session.endedAt === null &&
    session.accountId === member.accountId &&
    session.membershipId === member.membershipId &&
    session.accessVersion === member.accessVersion &&
    member.active
  );
}

function actorOf({ sessionId, member, permissions }: CachedSession, ip: string, requestId: string): Actor {
  const { accountId, membershipId, tenantId, tenantName, role, platformRole, email, name, podIds } = member;
  return {
    accountId,
    membershipId,
    tenantId,
    tenantName,
    role,
    platformRole,
    sessionId,
    email,
    name,
    podIds,
    permissions,
    ip,
    requestId,
  };
}
