import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Live } from '../../platform/live/live.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { newId } from '../../platform/persistence/ids.js';
import { AuditService } from '../audit/audit.service.js';
import type { AuditRecord } from '../audit/audit.types.js';
import { Batcher } from './batcher.js';
import { RUNS_MOVED } from './queries.events.js';
import type { AuditedFinish, RunFinish, RunStart } from './queries.types.js';
import { END_RUNS, endParameters } from './run-lines.js';
import { RunsRepository } from './runs.repository.js';

const HEARTBEAT_MS = 5000;
const RETRY_MS = 1000;
/** Ends of reads that went well are written a moment after they are answered, many together. */
const PATIENCE = { lingerMs: 5, enough: 32 };

/**
 * Writes the history and the audit of runs, in one statement for all that begin, and one for all that end, at the same
 * moment. Nothing starts before its text stands in the history. Whoever changes something waits until its end and its
 * audit entry are on the disk of the management server, and whatever failed or was cancelled is recorded before that is
 * said. A read that went well is answered a few milliseconds before its end is written: should the process die in
 * between, it is recorded as interrupted, like whatever else it was doing.
 */
@Injectable()
export class RunJournal implements OnModuleInit, BeforeApplicationShutdown {
  /** This process, in the rows of its runs. */
  readonly nodeId = newId();
  private readonly beginnings = new Batcher<RunStart>(async (runs) => this.writeBeginnings(runs));
  private readonly ends = new Batcher<AuditedFinish>(async (runs) => this.writeEnds(runs), PATIENCE);
  private readonly retries = new Set<NodeJS.Timeout>();
  private beating: NodeJS.Timeout | null = null;

  constructor(
    private readonly runs: RunsRepository,
    private readonly audit: AuditService,
    readonly clock: Clock,
    private readonly live: Live,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    this.audit.beforeReading(async () => this.settled());
    await this.runs.heartbeat(this.nodeId, this.clock.now());
    this.beating = setInterval(() => {
      this.runs.heartbeat(this.nodeId, this.clock.now()).catch(() => undefined);
    }, HEARTBEAT_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.beating !== null) clearInterval(this.beating);
    for (const retry of this.retries) clearTimeout(retry);
    await this.settled();
  }

  /** Resolves once the run stands in the history. Throws `run_exists` when its id is taken. */
  async begin(run: RunStart): Promise<void> {
    await this.beginnings.add(run);
    this.moved(run);
  }

  /** Resolves when the run may be answered: its end and its audit entry stand, or will in a moment. */
  async finish(run: AuditedFinish): Promise<void> {
    if (run.access === 'read' && run.status === 'succeeded') {
      this.finishLater(run);
      return;
    }
    await this.ends.add(run);
    this.moved(run);
  }

  /** Resolves when every end that this process has answered so far is written. */
  async settled(): Promise<void> {
    await this.ends.flush();
  }

  private finishLater(run: AuditedFinish): void {
    this.ends.addLater(run).then(
      () => {
        this.moved(run);
      },
      (error: unknown) => {
        this.logger.error({ err: error, run: run.id }, 'The end of a run could not be written yet');
        const retry = setTimeout(() => {
          this.retries.delete(retry);
          this.finishLater(run);
        }, RETRY_MS).unref();
        this.retries.add(retry);
      },
    );
  }

  private moved({ membershipId }: RunStart | AuditedFinish): void {
    this.live.publish({ membershipId }, RUNS_MOVED, {});
  }

  private async writeBeginnings(begun: readonly RunStart[]): Promise<ReadonlyMap<RunStart, Error>> {
    const made = new Set(await this.runs.begin(this.nodeId, begun, begun.some(changesSomething)));
    return new Map(begun.filter(({ id }) => !made.has(id)).map((run) => [run, runExists()]));
  }

  private async writeEnds(ended: readonly AuditedFinish[]): Promise<ReadonlyMap<AuditedFinish, Error>> {
    const parameters = endParameters(ended.map(finishOf), ended.some(changesSomething));
    await this.audit.recordAlong(ended.map(auditOf), END_RUNS, parameters);
    return NO_ERRORS;
  }
}

const NO_ERRORS: ReadonlyMap<AuditedFinish, Error> = new Map();

function changesSomething({ access }: Pick<RunStart, 'access'>): boolean {
  return access !== 'read';
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
