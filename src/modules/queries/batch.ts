import {
  EngineError,
  type EngineProblem,
  type EngineSession,
  type Notice,
  type ResultSink,
  type RunEnd,
  type RunLimits,
  type Statement,
} from '../../engines/engine.js';
import { JsonRows } from '../../engines/json-rows.js';

/** What came of one statement. */
export interface StatementOutcome<R extends CountedSink = JsonRows> {
  readonly statement: Statement;
  readonly rows: R;
  readonly end: RunEnd;
  readonly problem: EngineProblem | null;
  /** Of the whole result, where somebody keeps it. */
  readonly hash: string | null;
}

export interface BatchOutcome<R extends CountedSink = JsonRows> {
  readonly outcomes: readonly StatementOutcome<R>[];
  /** A transaction was left open and has been rolled back. */
  readonly rolledBack: boolean;
}

/** Takes rows and knows how many it has, also after an error. */
export interface CountedSink extends ResultSink {
  readonly rowCount: number;
}

/** Where the rows of a run go: into an answer, to where they are kept, into a file. */
export interface Collector<R extends CountedSink> {
  /** What takes the rows of the next statement, and how much of them. */
  take(statement: Statement, asked: RunLimits): { readonly rows: R; readonly limits: RunLimits };
  /** The statement has ended, whatever came of it. Answers how that is told, and the hash where one is made. */
  settle(ended: Ended<R>): Promise<Pick<StatementOutcome<R>, 'end' | 'hash'>>;
}

export type Ended<R extends CountedSink> = Omit<StatementOutcome<R>, 'hash'>;

const NO_NOTICES: readonly Notice[] = [];

/** Gathers rows as JSON in memory. The byte limit is for all statements of the run together. */
export class JsonCollector implements Collector<JsonRows> {
  private taken = 0;

  take(_: Statement, asked: RunLimits): { rows: JsonRows; limits: RunLimits } {
    return { rows: new JsonRows(), limits: { ...asked, maxBytes: Math.max(1, asked.maxBytes - this.taken) } };
  }

  async settle({ rows, end }: Ended<JsonRows>): Promise<{ end: RunEnd; hash: null }> {
    this.taken += rows.size;
    return Promise.resolve({ end, hash: null });
  }
}

/** Runs statements one after the other up to the first that fails. */
export async function runBatch<R extends CountedSink>(
  session: EngineSession,
  statements: readonly Statement[],
  limits: RunLimits,
  collector: Collector<R>,
  signal: AbortSignal,
): Promise<BatchOutcome<R>> {
  const outcomes: StatementOutcome<R>[] = [];
  for (const statement of statements) {
    const taker = collector.take(statement, limits);
    const { rows } = taker;
    const ended = { statement, rows, ...(await runOne(session, statement, taker, signal)) };
    outcomes.push({ ...ended, ...(await collector.settle(ended)) });
    if (ended.problem !== null) break;
  }
  return { outcomes, rolledBack: session.inTransaction };
}

async function runOne(
  session: EngineSession,
  statement: Statement,
  { rows, limits }: { rows: CountedSink; limits: RunLimits },
  signal: AbortSignal,
): Promise<{ end: RunEnd; problem: EngineProblem | null }> {
  const started = performance.now();
  try {
    return { end: await session.run(statement, limits, rows, signal), problem: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const durationMs = performance.now() - started;
    const stoppedBy = error.problem.code === 'time_limit' ? 'time' : null;
    const { rowCount } = rows;
    const end = { rowCount, affectedRows: null, stoppedBy, durationMs, notices: NO_NOTICES } as const;
    return { end, problem: error.problem };
  }
}
