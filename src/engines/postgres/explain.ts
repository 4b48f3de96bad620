import {
  EngineError,
  type AccessMode,
  type EngineSession,
  type ExplainOptions,
  type ResultSink,
  type Statement,
} from '../engine.js';
import type { Plan } from '../plan.js';
import { engineError } from '../engine-error.js';
import { readPlan } from './plan-tree.js';

const LIMITS = { maxRows: 10, maxBytes: 16 * 1_048_576, maxCellBytes: 16 * 1_048_576 };

/** The plan of a statement. With `analyse` the statement also runs, in a transaction that is rolled back. */
export async function explain(
  session: EngineSession,
  statement: Statement,
  options: ExplainOptions,
  access: AccessMode,
): Promise<Plan> {
  const prefix = options.analyse ? 'explain (format json, analyze, buffers) ' : 'explain (format json) ';
  const fenced = options.analyse && access === 'write';
  if (fenced && session.inTransaction) throw engineError('25001', 'A transaction is open: end it first.');
  if (fenced) await session.begin();
  try {
    return readPlan(
      await answer(session, { ...statement, text: prefix + statement.text }, options),
      options.analyse,
    );
  } catch (error) {
    throw moved(error, prefix.length);
  } finally {
    if (fenced) await session.rollback();
  }
}

async function answer(
  session: EngineSession,
  statement: Statement,
  { timeoutMs, signal }: ExplainOptions,
): Promise<string> {
  const parts: string[] = [];
  const sink: ResultSink = {
    columns: () => undefined,
    row: (row) => void parts.push(Buffer.from(row.bytes(0) ?? []).toString('utf8')),
  };
  await session.run(statement, { ...LIMITS, timeoutMs }, sink, signal);
  return parts.join('\n');
}

/** The position of an error counts from the person's own text. */
function moved(error: unknown, by: number): unknown {
  if (!(error instanceof EngineError) || error.problem.position === null) return error;
  const position = Math.max(0, error.problem.position - by);
  return new EngineError({ ...error.problem, position }, { cause: error });
}
