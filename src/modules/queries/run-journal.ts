import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { AppError } from '../../platform/errors/app-error.js';
import { newId } from '../../platform/persistence/ids.js';
import { AuditService } from '../audit/audit.service.js';
import type { AuditRecord } from '../audit/audit.types.js';
import { Batcher } from './batcher.js';
import type { AuditedFinish, RunFinish, RunStart } from './queries.types.js';
import { RunsRepository } from './runs.repository.js';

const HEARTBEAT_MS = 5000;

/**
 * Writes the history and the audit of runs, each in one statement for all runs that begin or end at the same moment.
 * Reads do not wait for the disk of the management server: a read that a crash of that machine forgets has changed
 * nothing. As soon as one of them writes, all wait.
 */
@Injectable()
export class RunJournal implements OnModuleInit, BeforeApplicationShutdown {
  /** This process, in the rows of its runs. */
  readonly nodeId = newId();
  private readonly begins = new Batcher<RunStart>(async (items) => this.writeBegins(items));
  private readonly finishes = new Batcher<AuditedFinish>(async (items) => this.writeFinishes(items));
  private beating: NodeJS.Timeout | null = null;

  constructor(
    private readonly runs: RunsRepository,
    private readonly audit: AuditService,
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
    await this.begins.add(item);
  }

  /** Resolves once its end stands in the history and in the audit log. */
  async finish(item: AuditedFinish): Promise<void> {
    await this.finishes.add(item);
  }

  private async writeBegins(items: readonly RunStart[]): Promise<ReadonlyMap<RunStart, Error>> {
    const begun = await this.runs.begin(this.nodeId, items, items.some(mustLast));
    const taken = items.filter((item) => !begun.has(item.id));
    return new Map(taken.map((item) => [item, runExists()]));
  }

  private async writeFinishes(items: readonly AuditedFinish[]): Promise<ReadonlyMap<AuditedFinish, Error>> {
    const change = this.runs.finishing(items.map(finishOf), items.some(mustLast));
    await this.audit.recordAlong(items.map(auditOf), change);
    return new Map();
  }
}

function runExists(): AppError {
  return new AppError('conflict', 'run_exists', 'There already is a run with this id.');
}

function mustLast({ access }: Pick<RunStart, 'access'>): boolean {
  return access !== 'read';
}

function finishOf(item: AuditedFinish): RunFinish {
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
