import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Target } from '../../engines/engine.js';
import { Clock } from '../../platform/clock/clock.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Signals } from '../../platform/signals/signals.js';
import { DatabasesRepository } from './databases.repository.js';
import type { AnyDatabase, DatabaseGrant } from './databases.types.js';

/** One database with everything a run asks of it. */
export interface CachedDatabase {
  readonly record: AnyDatabase;
  readonly grants: readonly DatabaseGrant[];
  readonly read: Target;
  /** Null when no login that writes is registered. */
  readonly write: Target | null;
  readonly checkedAt: number;
}

const CHANNEL = 'database';
const TRUSTED_MS = 10_000;
const ALONE_MS = 1000;
const FLUSH_MS = 15_000;

/** Databases that runs asked for a moment ago, and when each was used last. */
@Injectable()
export class DatabaseCache implements OnModuleInit, BeforeApplicationShutdown {
  private readonly byId = new LRUCache<string, CachedDatabase>({ max: 2000 });
  private readonly lastUsed = new Map<string, Date>();
  private flushing: NodeJS.Timeout | null = null;
  /** Moves whenever something was dropped: what was read before must not be kept after. */
  generation = 0;

  constructor(
    readonly clock: Clock,
    private readonly signals: Signals,
    private readonly databases: DatabasesRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.signals.on(CHANNEL, (id) => {
      this.generation += 1;
      this.byId.delete(id);
    });
    this.signals.onGap(() => {
      this.generation += 1;
      this.byId.clear();
    });
    this.flushing = setInterval(() => {
      this.flush().catch((error: unknown) => {
        this.logger.warn({ err: error }, 'The last use of databases could not be stored');
      });
    }, FLUSH_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.flushing !== null) clearInterval(this.flushing);
    await this.flush();
  }

  find(id: string): CachedDatabase | undefined {
    const entry = this.byId.get(id);
    if (entry === undefined) return undefined;
    const age = this.clock.millis() - entry.checkedAt;
    return age <= (this.signals.connected ? TRUSTED_MS : ALONE_MS) ? entry : undefined;
  }

  keep(entry: CachedDatabase, generation: number): void {
    if (generation === this.generation) this.byId.set(entry.record.id, entry);
  }

  used(id: string): void {
    this.lastUsed.set(id, this.clock.now());
  }

  /** Drops the database here and, when the open transaction commits, on every replica. */
  async announceChange(id: string): Promise<void> {
    this.generation += 1;
    this.byId.delete(id);
    await this.signals.publish(CHANNEL, id);
  }

  async flush(): Promise<void> {
    if (this.lastUsed.size === 0) return;
    const used = new Map(this.lastUsed);
    this.lastUsed.clear();
    await this.databases.touch(used);
  }
}
