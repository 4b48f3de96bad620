import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { AppError } from '../../platform/errors/app-error.js';
import { newId } from '../../platform/persistence/ids.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { AuditService } from '../audit/audit.service.js';
import type { AuditRecord } from '../audit/audit.types.js';
import type { AuditedFinish, RunStart } from './queries.types.js';
import { RunsRepository } from './runs.repository.js';

interface Waiting<T> {
  readonly item: T;
  resolve(): void;
  reject(error: unknown): void;
}

const HEARTBEAT_MS = 5000;

/**
 * Writes the history and the audit of runs. What several runs have to write at the same moment goes into one
 * transaction: while one is under way the next gathers. Nobody goes on before their own part is committed.
 */
@Injectable()
export class RunJournal implements OnModuleInit, BeforeApplicationShutdown {
  /** This process, in the rows of its runs. */
  readonly nodeId = newId();
  private begins: Waiting<RunStart>[] = [];
  private finishes: Waiting<AuditedFinish>[] = [];
  private writing = false;
  private beating: NodeJS.Timeout | null = null;

  constructor(
    private readonly runs: RunsRepository,
    private readonly audit: AuditService,
    private readonly transactions: Transactions,
    readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.runs.heartbeat(this.nodeId, this.clock.now());
    this.beating = setInterval(() => {
      this.runs.heartbeat(this.nodeId, this.clock.now()).catch(() => undefined);
    }, HEARTBEAT_MS).unref();
  }

  beforeApplicationShutdown(): void {
    if (this.beating !== null) clearInterval(this.beating);
  }

  /** Resolves once the run stands in the history. Throws `run_exists` when its id is taken. */
  async begin(item: RunStart): Promise<void> {
    return new Promise((resolve, reject) => {
      this.begins.push({ item, resolve, reject });
      this.write();
    });
  }

  /** Resolves once its end stands in the history and in the audit log. */
  async finish(item: AuditedFinish): Promise<void> {
    return new Promise((resolve, reject) => {
      this.finishes.push({ item, resolve, reject });
      this.write();
    });
  }

  private write(): void {
    if (this.writing) return;
    this.writing = true;
    // One turn later, so that what arrives with the same packet is written together.
    setImmediate(() => {
      void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    while (this.begins.length > 0 || this.finishes.length > 0) {
      const { begins, finishes } = this;
      this.begins = [];
      this.finishes = [];
      await this.writeTogether(begins, finishes);
    }
    this.writing = false;
  }

  private async writeTogether(
    begins: Waiting<RunStart>[],
    finishes: Waiting<AuditedFinish>[],
  ): Promise<void> {
    try {
      const begun = await this.transactions.run(async () => this.writeBatch(begins, finishes));
      const taken = new AppError('conflict', 'run_exists', 'There already is a run with this id.');
      for (const begin of begins) if (!begun.has(begin.item.id)) begin.reject(taken);
      for (const waiting of [...begins, ...finishes]) waiting.resolve();
    } catch (error) {
      for (const waiting of [...begins, ...finishes]) waiting.reject(error);
    }
  }

  private async writeBatch(
    begins: Waiting<RunStart>[],
    finishes: Waiting<AuditedFinish>[],
  ): Promise<Set<string>> {
    const begun = begins.length === 0 ? new Set<string>() : await this.begun(begins);
    if (finishes.length > 0) {
      await this.runs.finish(finishes.map(({ item }) => finishOf(item)));
      await this.audit.recordMany(finishes.map(({ item }) => auditOf(item)));
    }
    return begun;
  }

  private async begun(begins: Waiting<RunStart>[]): Promise<Set<string>> {
    return this.runs.begin(
      this.nodeId,
      begins.map(({ item }) => item),
    );
  }
}

function finishOf(item: AuditedFinish): Omit<AuditedFinish, 'actor' | 'database' | 'access' | 'sqlHash'> {
  const { id, status, finishedAt, durationMs, rowCount, errorCode, errorMessage, statements } = item;
  return { id, status, finishedAt, durationMs, rowCount, errorCode, errorMessage, statements };
}

function auditOf({ actor, database, id, status, statements, ...run }: AuditedFinish): AuditRecord {
  const { access, sqlHash, rowCount, errorCode } = run;
  const verbs = [...new Set(statements.map((statement) => statement.verb))].slice(0, 20);
  return {
    actor,
    action: 'query.run',
    object: { type: 'database', ...database },
    outcome: status === 'succeeded' ? 'done' : status === 'refused' ? 'refused' : 'failed',
    details: {
      run: id,
      status,
      access,
      verbs,
      sqlHash,
      rows: rowCount,
      ...(errorCode === null ? {} : { errorCode }),
    },
  };
}
