import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Permission } from '../../../platform/access/permissions.js';
import { Clock } from '../../../platform/clock/clock.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { Signals } from '../../../platform/signals/signals.js';
import type { MemberFacts } from '../../users/users.types.js';
import { SESSION_CHANNEL } from '../session-cache.js';
import { ApiKeysRepository } from './api-keys.repository.js';

export interface CachedKey {
  readonly id: string;
  readonly name: string;
  readonly member: MemberFacts;
  readonly permissions: ReadonlySet<Permission>;
  /** Milliseconds since the epoch, as all times here. */
  readonly expiresAt: number;
  readonly checkedAt: number;
}

const MAX_KEYS = 10_000;
const TRUSTED_MS = 30_000;
/** Without the signals' connection nobody tells us what has changed. */
const ALONE_MS = 1000;
const FLUSH_MS = 15_000;

/** Keys that were checked a moment ago, and when each was used last. */
@Injectable()
export class ApiKeyCache implements OnModuleInit, BeforeApplicationShutdown {
  private readonly byHash = new LRUCache<string, CachedKey>({ max: MAX_KEYS });
  private readonly uses = new Map<string, { at: Date; ip: string }>();
  private flushing: NodeJS.Timeout | null = null;
  /** Moves whenever something was dropped: what was read before must not be kept after. */
  generation = 0;

  constructor(
    readonly clock: Clock,
    private readonly signals: Signals,
    private readonly keys: ApiKeysRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.signals.on(SESSION_CHANNEL, (id) => {
      this.drop(id);
    });
    this.signals.onGap(() => {
      this.generation += 1;
      this.byHash.clear();
    });
    this.flushing = setInterval(() => {
      this.flush().catch((error: unknown) => {
        this.logger.warn({ err: error }, 'The last use of API keys could not be stored');
      });
    }, FLUSH_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.flushing !== null) clearInterval(this.flushing);
    await this.flush();
  }

  find(hash: string): CachedKey | undefined {
    const entry = this.byHash.get(hash);
    if (entry === undefined) return undefined;
    const age = this.clock.millis() - entry.checkedAt;
    return age <= (this.signals.connected ? TRUSTED_MS : ALONE_MS) ? entry : undefined;
  }

  keep(hash: string, entry: CachedKey, generation: number): void {
    if (generation === this.generation) this.byHash.set(hash, entry);
  }

  used(id: string, ip: string): void {
    this.uses.set(id, { at: this.clock.now(), ip });
  }

  /** Drops a revoked key here now, and elsewhere as soon as the signal arrives. */
  async announceEnd(id: string): Promise<void> {
    this.drop(id);
    await this.signals.publish(SESSION_CHANNEL, id);
  }

  /** Stores when keys were used last. */
  async flush(): Promise<void> {
    if (this.uses.size === 0) return;
    const uses = new Map(this.uses);
    this.uses.clear();
    await this.keys.touch(uses);
  }

  private drop(id: string): void {
    this.generation += 1;
    for (const [hash, { id: key, member }] of this.byHash.entries())
      if ([key, member.membershipId, member.accountId].includes(id)) this.byHash.delete(hash);
  }
}
