import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { systemActor } from '../audit/audit.types.js';
import { DatabaseJournal } from './database-journal.js';
import { DatabaseLifecycleService } from './database-lifecycle.service.js';
import { DatabasesRepository } from './databases.repository.js';
import type { DatabaseRecord, DatabaseState } from './databases.types.js';
import { SandboxesRepository } from './sandboxes.repository.js';

/** A passage that takes longer than this was left half-way. */
const HALFWAY_MS = 300_000;
const MINUTE_MS = 60_000;
/** What no row knows is left alone for this long, in case that somebody is looking for it. */
const ORPHAN_MS = 24 * 3_600_000;
const MAX_REPAIRS = 3;

@Injectable()
export class UpkeepActs {
  constructor(
    readonly journal: DatabaseJournal,
    readonly transactions: Transactions,
  ) {}
}

/** What the platform does on its own so that databases are what their rows say. Everything here can be run again. */
@Injectable()
export class DatabaseUpkeepService {
  constructor(
    private readonly databases: DatabasesRepository,
    private readonly sandboxes: SandboxesRepository,
    private readonly lifecycle: DatabaseLifecycleService,
    private readonly acts: UpkeepActs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Stops what nobody has used for as long as its setting says, neither here nor with a client of their own. */
  async stopIdle(now: Date): Promise<void> {
    const running = await this.databases.listByStatus(['running']);
    const idle = running.filter((record) => isIdle(record, now));
    await this.each(idle, async (record) => {
      const { idleMs } = await this.sandboxes.activity(record);
      if (idleMs !== null && idleMs < (record.autoStopMinutes ?? 0) * MINUTE_MS) return;
      await this.lifecycle.pass(record, 'stopping', systemActor(record.tenantId));
    });
  }

  async finishHalfway(now: Date): Promise<void> {
    const before = new Date(now.getTime() - HALFWAY_MS);
    for (;;) {
      const record = await this.databases.claimHalfway(before, now);
      if (record === undefined) return;
      await this.each([record], async (found) => this.lifecycle.resume(found));
    }
  }

  /** Drops for good what was deleted 30 days ago. */
  async purge(now: Date): Promise<void> {
    await this.each(await this.databases.listPurgeable(now), async (record) =>
      this.lifecycle.pass(record, 'purging', systemActor(record.tenantId)),
    );
  }

  async measure(now: Date): Promise<void> {
    const records = await this.databases.listByStatus(['running', 'stopped']);
    await this.each(new Set(records.map((record) => record.serverId)), async (serverId) => {
      const there = records.filter((record) => record.serverId === serverId);
      const sizes = await this.sandboxes.sizes(serverId, there);
      await this.databases.storeSizes(sizes, now);
    });
  }

  /** Brings logins, limits, owners and grants back to what they should be, and removes what no row knows. */
  async reconcile(now: Date): Promise<void> {
    const records = await this.databases.listByStatus(['running', 'stopped', 'deleted']);
    await this.each(records, async (record) => this.repair(record));
    await this.each(await this.databases.listServerIds(), async (id) => this.removeOrphans(id, now));
  }

  async endOverdue(): Promise<void> {
    const records = await this.databases.listByStatus(['running']);
    for (const serverId of new Set(records.map((record) => record.serverId))) {
      const ended = await this.sandboxes.endOverdue(serverId);
      if (ended > 0) this.logger.warn({ serverId, ended }, 'Statements ran longer than their login may');
    }
  }

  /** A state that changes meanwhile is repaired to what it has become. */
  private async repair(record: DatabaseRecord, attempt = 1): Promise<void> {
    const state = record.status === 'running' ? 'running' : 'stopped';
    const repaired = await this.sandboxes.repair(record, state);
    if (repaired.length > 0) {
      const details = { repaired };
      await this.acts.transactions.run(async () =>
        this.acts.journal.write(systemActor(record.tenantId), 'database.repair', record, details),
      );
    }
    const after = await this.databases.find(record.tenantId, record.id);
    const settled = after !== undefined && SETTLED.has(after.status);
    if (settled && after.status !== record.status && attempt < MAX_REPAIRS)
      await this.repair(after, attempt + 1);
  }

  private async removeOrphans(serverId: string, now: Date): Promise<void> {
    // Asked first: a database that is made meanwhile has its row before it has its name on the server.
    const marked = await this.sandboxes.listMarked(serverId);
    const known = new Set(await this.databases.physicalNames(serverId));
    const orphans = marked.filter(
      ({ object, madeAt }) => !known.has(object.name) && now.getTime() - madeAt.getTime() > ORPHAN_MS,
    );
    await this.each(orphans, async ({ object }) => {
      this.logger.warn({ serverId, ...object }, 'What no row knows is removed from its server');
      await this.sandboxes.remove(serverId, object);
    });
  }

  /** One that fails does not keep the others from their turn. */
  private async each<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
    for (const item of items) {
      try {
        await work(item);
      } catch (error) {
        this.logger.error({ err: error }, 'A database could not be looked after');
      }
    }
  }
}

const SETTLED: ReadonlySet<DatabaseState> = new Set(['running', 'stopped', 'deleted']);

function isIdle({ autoStopMinutes, lastUsedAt, statusSince }: DatabaseRecord, now: Date): boolean {
  if (autoStopMinutes === null) return false;
  const used = Math.max(statusSince.getTime(), lastUsedAt?.getTime() ?? 0);
  return now.getTime() - used >= autoStopMinutes * MINUTE_MS;
}
