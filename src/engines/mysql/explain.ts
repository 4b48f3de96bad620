import {
  EngineError,
  type ExplainOptions,
  type EngineSession,
  type ResultSink,
  type Statement,
} from '../engine.js';
import { engineError } from '../engine-error.js';
import type { Plan } from '../plan.js';
import { readPlan } from './plan-tree.js';

const LIMITS = { maxRows: 10, maxBytes: 16 * 1_048_576, maxCellBytes: 16 * 1_048_576 };
const EXPLAINED: ReadonlySet<string> = new Set([
  'select',
  'values',
  'table',
  'insert',
  'replace',
  'update',
  'delete',
]);

/**
 * The plan of a statement. With `analyse` the statement also runs; only reads do, because what a write has done to
 * tables without transactions could not be taken back.
 */
export async function explain(
  session: EngineSession,
  statement: Statement,
  options: ExplainOptions,
  mariadb: boolean,
): Promise<Plan> {
  if (!EXPLAINED.has(statement.verb)) {
    throw engineError('not_supported', `There is no plan for ${statement.verb.toUpperCase()}.`);
  }
  if (options.analyse) refuseToRun(statement, mariadb);
  const prefix = options.analyse ? 'analyze format=json ' : 'explain format=json ';
  try {
    // Not a query any more: a limit on its rows would give another plan.
    const asked = { ...statement, text: prefix + statement.text, verb: 'explain' };
    return readPlan(await answer(session, asked, options), options.analyse);
  } catch (error) {
    throw moved(error, prefix.length);
  }
}

function refuseToRun(statement: Statement, mariadb: boolean): void {
  if (statement.class !== 'read') {
    throw engineError('not_supported', 'Only reads are run to measure their plan.');
  }
  if (!mariadb) throw engineError('not_supported', 'MySQL gives no measured plan that can be read here.');
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
