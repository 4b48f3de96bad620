import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { systemActor } from '../audit/audit.types.js';
import { DatabaseJournal } from './database-journal.js';
import { DatabaseLifecycleService } from './database-lifecycle.service.js';
import { DatabasesRepository } from './databases.repository.js';
import type { DatabaseRecord } from './databases.types.js';
import { SandboxesRepository } from './sandboxes.repository.js';

/** A passage that takes longer than this was left half-way. */
const HALFWAY_MS = 120_000;
const MINUTE_MS = 60_000;

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
      if ((await this.sandboxes.sessions(record)) > 0) return;
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
    await this.each(await this.databases.listPurgeable(now), async (record) => {
      await this.sandboxes.drop(record);
      await this.acts.transactions.run(async () => {
        await this.databases.update(record.tenantId, record.id, { status: 'purged', statusSince: now });
        await this.acts.journal.write(systemActor(record.tenantId), 'database.purge', record);
      });
    });
  }

  async measure(now: Date): Promise<void> {
    await this.each(await this.databases.listByStatus(['running', 'stopped']), async (record) => {
      const storageBytes = String(await this.sandboxes.size(record));
      await this.databases.update(record.tenantId, record.id, { storageBytes, storageMeasuredAt: now });
    });
  }

  /** Brings logins, limits, owners and grants back to what they should be, and removes what no row knows. */
  async reconcile(): Promise<void> {
    const records = await this.databases.listByStatus(['running', 'stopped', 'deleted']);
    await this.each(records, async (record) => this.sandboxes.repair(record));
    const servers = new Set(records.map((record) => record.serverId));
    for (const serverId of servers) await this.removeOrphans(serverId);
  }

  async endOverdue(): Promise<void> {
    const records = await this.databases.listByStatus(['running']);
    for (const serverId of new Set(records.map((record) => record.serverId))) {
      const ended = await this.sandboxes.endOverdue(serverId);
      if (ended > 0) this.logger.warn({ serverId, ended }, 'Statements ran longer than their login may');
    }
  }

  private async removeOrphans(serverId: string): Promise<void> {
    // Asked first: a database that is made meanwhile has its row before it has its name on the server.
    const { databases, logins } = await this.sandboxes.listNames(serverId);
    const known = new Set(await this.databases.physicalNames(serverId));
    const found = new Set([...databases, ...logins.map((login) => login.slice(0, -'_rw'.length))]);
    for (const name of found) {
      if (known.has(name)) continue;
      this.logger.warn({ serverId, name }, 'A database that nobody knows is removed from its server');
      await this.sandboxes.dropOrphan(serverId, name);
    }
  }

  /** One that fails does not keep the others from their turn. */
  private async each(
    records: readonly DatabaseRecord[],
    work: (record: DatabaseRecord) => Promise<unknown>,
  ): Promise<void> {
    for (const record of records) {
      try {
        await work(record);
      } catch (error) {
        this.logger.error({ err: error, databaseId: record.id }, 'A database could not be looked after');
      }
    }
  }
}

function isIdle({ autoStopMinutes, lastUsedAt, statusSince }: DatabaseRecord, now: Date): boolean {
  if (autoStopMinutes === null) return false;
  const used = Math.max(statusSince.getTime(), lastUsedAt?.getTime() ?? 0);
  return now.getTime() - used >= autoStopMinutes * MINUTE_MS;
}
