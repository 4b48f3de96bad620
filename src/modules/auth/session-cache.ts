import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Permission } from '../../platform/access/permissions.js';
import { Clock } from '../../platform/clock/clock.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Signals } from '../../platform/signals/signals.js';
import type { MemberFacts } from '../users/users.types.js';
import { SessionsRepository } from './sessions.repository.js';

export interface CachedSession {
  readonly sessionId: string;
  readonly member: MemberFacts;
  readonly permissions: ReadonlySet<Permission>;
  /** Milliseconds since the epoch, as all times here. */
  readonly expiresAt: number;
  lastSeenAt: number;
  readonly checkedAt: number;
}

/** The channel on which ended sessions and changed memberships and accounts are announced, by id. */
export const SESSION_CHANNEL = 'session';
const CHANGE_CHANNEL = 'session-changed';
const MAX_SESSIONS = 10_000;
const TRUSTED_MS = 30_000;
/** Without the signals' connection nobody tells us what has changed. */
const ALONE_MS = 1000;
const FLUSH_MS = 15_000;

/** Sessions that were checked a moment ago, and when each was used last. */
@Injectable()
export class SessionCache implements OnModuleInit, BeforeApplicationShutdown {
  private readonly byToken = new LRUCache<string, CachedSession>({ max: MAX_SESSIONS });
  private readonly lastSeen = new Map<string, Date>();
  private flushing: NodeJS.Timeout | null = null;
  /** Moves whenever something was dropped: what was read before must not be kept after. */
  generation = 0;

  constructor(
    readonly clock: Clock,
    private readonly signals: Signals,
    private readonly sessions: SessionsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.signals.on(SESSION_CHANNEL, (id) => {
      this.dropOf(id);
    });
    this.signals.on(CHANGE_CHANNEL, (id) => {
      this.dropOf(id);
    });
    this.signals.onGap(() => {
      this.drop(() => true);
    });
    this.flushing = setInterval(() => {
      this.flush().catch((error: unknown) => {
        this.logger.warn({ err: error }, 'The last use of sessions could not be stored');
      });
    }, FLUSH_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.flushing !== null) clearInterval(this.flushing);
    await this.flush();
  }

  find(token: string): CachedSession | undefined {
    const entry = this.byToken.get(token);
    if (entry === undefined) return undefined;
    const age = this.clock.millis() - entry.checkedAt;
    return age <= (this.signals.connected ? TRUSTED_MS : ALONE_MS) ? entry : undefined;
  }

  keep(token: string, entry: CachedSession, generation: number): void {
    if (generation === this.generation) this.byToken.set(token, entry);
  }

  seen(entry: CachedSession, now: number): void {
    entry.lastSeenAt = now;
    this.lastSeen.set(entry.sessionId, new Date(now));
  }

  /** Drops what belongs to a session, membership or account here now, and elsewhere as soon as the signal arrives. */
  async announceEnd(id: string): Promise<void> {
    this.dropOf(id);
    await this.signals.publish(SESSION_CHANNEL, id);
  }

  /** The same for what is only read anew: a session goes on, with another token or name. */
  async announceChange(id: string): Promise<void> {
    this.dropOf(id);
    await this.signals.publish(CHANGE_CHANNEL, id);
  }

  /** When a session was used last, if that is not stored yet. */
  lastSeenOf(sessionId: string): number | undefined {
    return this.lastSeen.get(sessionId)?.getTime();
  }

  private dropOf(id: string): void {
    this.drop(({ sessionId, member }) => [sessionId, member.membershipId, member.accountId].includes(id));
  }

  private drop(affected: (entry: CachedSession) => boolean): void {
    this.generation += 1;
    for (const [token, entry] of this.byToken.entries()) if (affected(entry)) this.byToken.delete(token);
  }

  private async flush(): Promise<void> {
    if (this.lastSeen.size === 0) return;
    const seen = new Map(this.lastSeen);
    this.lastSeen.clear();
    await this.sessions.touch(seen);
  }
}
