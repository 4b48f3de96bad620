import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { EngineRegistry } from '../../engines/engine-registry.js';
import { EngineError, type RunLimits, type Statement } from '../../engines/engine.js';
import type { JsonRows } from '../../engines/json-rows.js';
import type { Actor } from '../../platform/access/actor.js';
import { atLeast } from '../../platform/access/roles.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { AppError, refuseUnless } from '../../platform/errors/app-error.js';
import { newId } from '../../platform/persistence/ids.js';
import { DatabasesService } from '../databases/databases.service.js';
import type { RunTarget } from '../databases/databases.types.js';
import { ActiveRuns, type ActiveRun } from './active-runs.js';
import {
  JsonCollector,
  runBatch,
  type BatchOutcome,
  type Collector,
  type CountedSink,
  type StatementOutcome,
} from './batch.js';
import type { AuditedFinish, RunStart, RunState } from './queries.types.js';
import { RunJournal } from './run-journal.js';
import {
  accessFor,
  isSingleRead,
  judge,
  MAX_STATEMENTS,
  refusal,
  roleFor,
  type RunFacts,
} from './runs.policy.js';

export interface RunRequest {
  readonly databaseId: string;
  readonly sql: string;
  readonly maxRows?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** Run with a lower role than one's own. */
  readonly asRole?: string | undefined;
  /** Names the run before it starts, so that it can be cancelled. */
  readonly runId?: string | undefined;
  /** Takes nothing but a single statement that reads. */
  readonly onlyRead?: boolean;
}

export interface RunResult<R extends CountedSink = JsonRows> extends BatchOutcome<R> {
  readonly runId: string;
  readonly target: RunTarget;
  /** The text could not be read; no statement ran. */
  readonly unread: EngineError | null;
}

/** Analyse → permission → limits → run → results. */
@Injectable()
export class RunsService {
  constructor(
    private readonly databases: DatabasesService,
    private readonly engines: EngineRegistry,
    private readonly journal: RunJournal,
    private readonly active: ActiveRuns,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Runs and answers the rows as JSON. */
  async run(actor: Actor, request: RunRequest, gone: AbortSignal): Promise<RunResult> {
    return this.runInto(() => new JsonCollector(), actor, request, gone);
  }

  /** Runs, and the rows go where the collector takes them. It is made once the run stands in the history. */
  async runInto<R extends CountedSink>(
    collectorOf: CollectorOf<R>,
    actor: Actor,
    request: RunRequest,
    gone: AbortSignal,
  ): Promise<RunResult<R>> {
    const role = roleFor(actor.role, request.asRole);
    if (role === undefined) {
      throw new AppError('forbidden', 'role_too_high', 'A run can have your own role or a lower one.');
    }
    const target = await this.databases.runTarget(actor, request.databaseId);
    const { statements, error } = this.engines.get(target.engine).analyse(request.sql);
    if (request.onlyRead === true && error === null) refuseUnless(isSingleRead(statements), 'invalid');
    const { ruleFor, mayWrite } = target;
    const facts = { role, canWrite: mayWrite && atLeast(role, 'developer'), ruleFor };
    const access = accessFor(statements);
    const start = this.startOf(actor, request, target, { role, access });
    const unread = error === null ? null : new EngineError(error);
    if (unread === null) await this.refuseUnlessAllowed(actor, start, statements, facts);
    await this.journal.begin(start);
    this.databases.used(target.databaseId);
    const outcome = await this.active.during(start.id, gone, async (run) =>
      this.perform(
        actor,
        { start, target, statements, unread, collectorOf, limits: this.limitsOf(request) },
        run,
      ),
    );
    return { runId: start.id, target, unread, ...outcome };
  }

  private async perform<R extends CountedSink>(
    actor: Actor,
    work: Work<R>,
    run: ActiveRun,
  ): Promise<BatchOutcome<R>> {
    const { start, unread } = work;
    const began = performance.now();
    let outcome: BatchOutcome<R> = { outcomes: [], rolledBack: false };
    let failure = unread;
    try {
      if (unread === null) outcome = await this.execute(work, run.signal);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      failure = error;
    } finally {
      await this.journal.finish(
        finishOf(actor, start, { outcome, failure, run, began, now: this.journal.clock.now() }),
      );
    }
    if (failure !== null && unread === null) throw unreachable(failure);
    return outcome;
  }

  private async execute<R extends CountedSink>(
    { start, target, statements, limits, collectorOf }: Work<R>,
    signal: AbortSignal,
  ): Promise<BatchOutcome<R>> {
    const write = start.access === 'write' ? target.write : null;
    const driver = this.engines.get(target.engine);
    await using session = await driver.open(write ?? target.read, write === null ? 'read' : 'write');
    return await runBatch(session, statements, limits, collectorOf(start), signal);
  }

  private async refuseUnlessAllowed(
    actor: Actor,
    start: RunStart,
    statements: readonly Statement[],
    facts: RunFacts,
  ): Promise<void> {
    if (statements.length === 0)
      throw new AppError('invalid', 'no_statement', 'There is no statement in this text.');
    if (statements.length > MAX_STATEMENTS) {
      const text = `A run has at most ${String(MAX_STATEMENTS)} statements; this text has ${String(statements.length)}.`;
      throw new AppError('invalid', 'too_many_statements', text);
    }
    const verdict = judge(statements, facts);
    if (verdict.outcome === 'run') return;
    const { code: errorCode, reason: errorMessage } = verdict;
    await this.journal.begin({ ...start, access: 'none' });
    const none = { outcome: { outcomes: [], rolledBack: false }, failure: null };
    const now = this.journal.clock.now();
    const finish = finishOf(actor, start, { ...none, run: NOT_RUN, began: performance.now(), now });
    const records = statements.map((statement) => ({
      class: statement.class,
      verb: statement.verb,
      ...UNMEASURED,
    }));
    await this.journal.finish({
      ...finish,
      access: 'none',
      status: 'refused',
      errorCode,
      errorMessage,
      statements: records,
    });
    throw refusal(verdict, true);
  }

  private limitsOf({ maxRows, timeoutMs }: RunRequest): RunLimits {
    const { queries } = this.config;
    return {
      maxRows: maxRows ?? queries.maxRows,
      maxBytes: queries.maxBytes,
      maxCellBytes: queries.maxCellBytes,
      timeoutMs: timeoutMs ?? queries.timeoutMs,
    };
  }

  private startOf(
    actor: Actor,
    { sql, runId }: RunRequest,
    target: RunTarget,
    facts: { role: string; access: 'read' | 'write' },
  ): RunStart {
    return {
      id: runId ?? newId(),
      tenantId: actor.tenantId,
      membershipId: actor.membershipId,
      databaseId: target.databaseId,
      databaseName: target.name,
      sql,
      sqlHash: createHash('sha256').update(sql).digest('hex'),
      startedAt: this.journal.clock.now(),
      status: 'running',
      ...facts,
    };
  }
}

/** Makes what takes the rows of a run. */
export type CollectorOf<R extends CountedSink> = (start: RunStart) => Collector<R>;

interface Work<R extends CountedSink> {
  readonly start: RunStart;
  readonly target: RunTarget;
  readonly statements: readonly Statement[];
  readonly unread: EngineError | null;
  readonly limits: RunLimits;
  readonly collectorOf: CollectorOf<R>;
}

const NOT_RUN: ActiveRun = { signal: new AbortController().signal, endedBy: null };
const UNMEASURED = { durationMs: null, rowCount: null, errorCode: null, errorMessage: null } as const;

function finishOf(
  actor: Actor,
  start: RunStart,
  end: {
    outcome: BatchOutcome<CountedSink>;
    failure: EngineError | null;
    run: ActiveRun;
    began: number;
    now: Date;
  },
): AuditedFinish {
  const { outcomes } = end.outcome;
  const problem =
    end.failure?.problem ?? outcomes.find((outcome) => outcome.problem !== null)?.problem ?? null;
  return {
    id: start.id,
    actor,
    membershipId: start.membershipId,
    database: { id: start.databaseId, name: start.databaseName },
    access: start.access,
    sqlHash: start.sqlHash,
    status: stateOf(problem !== null, end.run),
    finishedAt: end.now,
    durationMs: performance.now() - end.began,
    rowCount: outcomes.reduce(
      (sum, { end: { affectedRows, rowCount } }) => sum + (affectedRows ?? rowCount),
      0,
    ),
    errorCode: problem?.code ?? null,
    errorMessage: problem?.message ?? null,
    statements: outcomes.map(recordOf),
  };
}

function stateOf(failed: boolean, { endedBy }: ActiveRun): RunState {
  if (!failed) return 'succeeded';
  return endedBy ?? 'failed';
}

function recordOf({
  statement,
  end,
  problem,
  hash,
}: StatementOutcome<CountedSink>): AuditedFinish['statements'][number] {
  const { durationMs, rowCount } = end;
  return {
    class: statement.class,
    verb: statement.verb,
    durationMs,
    rowCount,
    errorCode: problem?.code ?? null,
    errorMessage: problem?.message ?? null,
    ...(hash === null ? {} : { hash }),
  };
}

function unreachable({ problem, cause }: EngineError): AppError {
  return new AppError('unavailable', problem.code, `The database cannot be reached. ${problem.message}`, {
    cause,
  });
}
