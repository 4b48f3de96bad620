import {
  EngineError,
  type EngineProblem,
  type EngineSession,
  type Notice,
  type RunEnd,
  type RunLimits,
  type Statement,
} from '../../engines/engine.js';
import { JsonRows } from '../../engines/json-rows.js';

/** What came of one statement. */
export interface StatementOutcome {
  readonly statement: Statement;
  readonly rows: JsonRows;
  readonly end: RunEnd;
  readonly problem: EngineProblem | null;
}

export interface BatchOutcome {
  readonly outcomes: readonly StatementOutcome[];
  /** A transaction was left open and has been rolled back. */
  readonly rolledBack: boolean;
}

const NO_NOTICES: readonly Notice[] = [];

/** Runs statements one after the other up to the first that fails. The byte limit is for all of them together. */
export async function runBatch(
  session: EngineSession,
  statements: readonly Statement[],
  limits: RunLimits,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  const outcomes: StatementOutcome[] = [];
  let maxBytes = limits.maxBytes;
  for (const statement of statements) {
    const outcome = await runOne(session, statement, { ...limits, maxBytes }, signal);
    outcomes.push(outcome);
    if (outcome.problem !== null) break;
    maxBytes = Math.max(1, maxBytes - outcome.rows.size);
  }
  return { outcomes, rolledBack: session.inTransaction };
}

async function runOne(
  session: EngineSession,
  statement: Statement,
  limits: RunLimits,
  signal: AbortSignal,
): Promise<StatementOutcome> {
  const rows = new JsonRows();
  const started = performance.now();
  try {
    const end = await session.run(statement, limits, rows, signal);
    return { statement, rows, end, problem: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const durationMs = performance.now() - started;
    const stoppedBy = error.problem.code === 'time_limit' ? 'time' : null;
    const end = {
      rowCount: rows.rowCount,
      affectedRows: null,
      stoppedBy,
      durationMs,
      notices: NO_NOTICES,
    } as const;
    return { statement, rows, end, problem: error.problem };
  }
}
