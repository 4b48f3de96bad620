import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Live } from '../../platform/live/live.js';
import { newId } from '../../platform/persistence/ids.js';
import { AuditService } from '../audit/audit.service.js';
import type { AuditRecord } from '../audit/audit.types.js';
import { Batcher } from './batcher.js';
import { RUNS_MOVED } from './queries.events.js';
import type { AuditedFinish, RunFinish, RunStart } from './queries.types.js';
import { WRITE_RUNS, writeRunsParameters } from './run-lines.js';
import { RunsRepository } from './runs.repository.js';

/** What a run has to write: that it begins, or how it ended. */
type Line = { readonly begun: RunStart } | { readonly ended: AuditedFinish };

const HEARTBEAT_MS = 5000;

/**
 * Writes the history and the audit of runs, in one statement for all that begin or end at the same moment.
 * Reads do not wait for the disk of the management server: a read that a crash of that machine forgets has changed
 * nothing. As soon as one of them writes, all wait.
 */
@Injectable()
export class RunJournal implements OnModuleInit, BeforeApplicationShutdown {
  /** This process, in the rows of its runs. */
  readonly nodeId = newId();
  private readonly lines = new Batcher<Line>(async (lines) => this.write(lines));
  private beating: NodeJS.Timeout | null = null;

  constructor(
    private readonly runs: RunsRepository,
    private readonly audit: AuditService,
    readonly clock: Clock,
    private readonly live: Live,
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
    await this.lines.add({ begun: item });
    this.live.publish({ membershipId: item.membershipId }, RUNS_MOVED, {});
  }

  /** Resolves once its end stands in the history and in the audit log. */
  async finish(item: AuditedFinish): Promise<void> {
    await this.lines.add({ ended: item });
    this.live.publish({ membershipId: item.membershipId }, RUNS_MOVED, {});
  }

  private async write(lines: readonly Line[]): Promise<ReadonlyMap<Line, Error>> {
    const begun = lines.flatMap((line) => ('begun' in line ? [line.begun] : []));
    const ended = lines.flatMap((line) => ('ended' in line ? [line.ended] : []));
    const durable = [...begun, ...ended].some(({ access }) => access !== 'read');
    const parameters = writeRunsParameters(this.nodeId, begun, ended.map(finishOf), durable);
    const [answer] = await this.audit.recordAlong(ended.map(auditOf), WRITE_RUNS, parameters);
    const made = new Set(answer?.[1]?.split(','));
    const taken = lines.filter((line) => 'begun' in line && !made.has(line.begun.id));
    return new Map(taken.map((line) => [line, runExists()]));
  }
}

function runExists(): AppError {
  return new AppError('conflict', 'run_exists', 'There already is a run with this id.');
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
