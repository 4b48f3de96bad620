import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { AppError, notFound } from '../../platform/errors/app-error.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { AuditService } from '../audit/audit.service.js';
import { systemActor } from '../audit/audit.types.js';
import { ActiveRuns } from './active-runs.js';
import type { HistoryFilter, StoredRun } from './queries.types.js';
import { RunJournal } from './run-journal.js';
import { RunsRepository } from './runs.repository.js';

const PAGE_SIZE = 50;
const KEPT_MS = 30 * 86_400_000;
/** Three missed heartbeats and a bit. */
const GONE_MS = 20_000;

export interface HistorySlice {
  readonly runs: readonly StoredRun[];
  readonly next: string | null;
}

/** What people ran; each sees their own, a tenant_admin also a single one of somebody else's by its id. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly runs: RunsRepository,
    private readonly active: ActiveRuns,
    private readonly audit: AuditService,
    private readonly transactions: Transactions,
    private readonly journal: RunJournal,
  ) {}

  async list(
    actor: Actor,
    before: string | null = null,
    limit = PAGE_SIZE,
    filter: HistoryFilter = {},
  ): Promise<HistorySlice> {
    await this.journal.settled();
    const wanted = { before, limit: limit + 1, filter };
    const found = await this.runs.history(actor.tenantId, actor.membershipId, wanted);
    const runs = found.slice(0, limit);
    return { runs, next: found.length > limit ? (runs.at(-1)?.id ?? null) : null };
  }

  /** The databases that can be chosen from in the actor's own history. */
  async databases(actor: Actor): Promise<readonly { id: string; name: string }[]> {
    return this.runs.historyDatabases(actor.tenantId, actor.membershipId);
  }

  async get(actor: Actor, id: string): Promise<StoredRun> {
    await this.journal.settled();
    const run = await this.runs.find(actor.tenantId, id);
    if (run === undefined || (run.membershipId !== actor.membershipId && actor.role !== 'tenant_admin')) {
      throw notFound('run');
    }
    return run;
  }

  /** Cancels a run on its server, wherever it runs. */
  async cancel(actor: Actor, id: string): Promise<StoredRun> {
    const run = await this.get(actor, id);
    if (run.status !== 'running') {
      throw new AppError('conflict', 'not_running', `This run has ended already: it ${run.status}.`);
    }
    await this.active.cancel(id);
    return run;
  }

  /** Marks runs whose process is gone, and records each. */
  async sweep(now: Date): Promise<void> {
    const before = new Date(now.getTime() - GONE_MS);
    while (await this.transactions.run(async () => this.sweepOne(before, now)));
  }

  private async sweepOne(before: Date, now: Date): Promise<boolean> {
    const gone = await this.runs.takeGoneNode(before);
    if (gone === undefined) return false;
    const abandoned = await this.runs.interruptRunsOf(gone, now);
    await this.audit.recordMany(
      abandoned.map(({ id, tenantId, databaseId, databaseName, sqlHash, access }) => ({
        actor: systemActor(tenantId),
        action: 'query.run',
        object: { type: 'database', id: databaseId, name: databaseName },
        outcome: 'failed' as const,
        details: { run: id, status: 'interrupted', access, sqlHash },
      })),
    );
    return true;
  }

  async prune(now: Date): Promise<void> {
    await this.runs.prune(new Date(now.getTime() - KEPT_MS));
  }
}
