import type { StatementEffect } from '../../../engines/effects.js';
import { EngineError, type EngineSession, type RunLimits, type Statement } from '../../../engines/engine.js';
import { JsonRows } from '../../../engines/json-rows.js';
import type { StatementOutcome } from './executions.types.js';

/** What an execution is held to. */
export interface Envelope {
  /** What was previewed and approved; null when the execution is not bound to a preview. */
  readonly expected: { readonly affectedRows: number; readonly digest: string } | null;
  /** By how many rows it may differ; with 0 the very same rows have to be hit. */
  readonly tolerance: number;
  /** Each statement has to change exactly one row: the statements of an undo. */
  readonly oneRowEach: boolean;
}

export interface GuardedOutcome {
  readonly results: readonly StatementOutcome[];
  readonly effects: readonly StatementEffect[];
  readonly affectedRows: number;
}

/** The execution left what was approved; the transaction has to be rolled back. */
export class EnvelopeError extends Error {
  constructor(
    readonly code: 'effect_changed' | 'conflict',
    message: string,
  ) {
    super(message);
    this.name = 'EnvelopeError';
  }
}

/** Rows of a result that are kept with the request. */
const KEPT_ROWS = 1000;

export interface GuardedWork {
  readonly session: EngineSession;
  readonly statements: readonly Statement[];
  readonly limits: RunLimits;
  readonly signal: AbortSignal;
}

/** Runs statements in the open transaction and compares what they did with what was approved. Never commits. */
export async function guardedRun(
  { session, statements, limits, signal }: GuardedWork,
  envelope: Envelope,
): Promise<GuardedOutcome> {
  const results: StatementOutcome[] = [];
  const effects: StatementEffect[] = [];
  for (const [index, statement] of statements.entries()) {
    const rows = new JsonRows();
    const effect = await captured({ session, statement, limits, signal, rows }, envelope.expected !== null);
    if (effect !== null) effects.push(effect);
    const end = effect ?? (await session.run(statement, { ...limits, maxRows: KEPT_ROWS }, rows, signal));
    results.push(outcomeOf(statement, rows, end));
    if (envelope.oneRowEach && end.affectedRows !== 1) throw conflict(index, statement, end.affectedRows);
  }
  const affectedRows = results.reduce((sum, result) => sum + (result.affectedRows ?? 0), 0);
  return { results, effects, affectedRows };
}

interface Captured extends Omit<GuardedWork, 'statements'> {
  readonly statement: Statement;
  readonly rows: JsonRows;
}

/** The effect where the engine sees it; null where it does not and nobody holds the execution to it. */
async function captured(
  { session, statement, limits, signal, rows }: Captured,
  required: boolean,
): Promise<StatementEffect | null> {
  if (statement.class !== 'dml' || session.runCaptured === undefined) return null;
  try {
    return await session.runCaptured(statement, { limits, sink: rows, signal, unapproved: false });
  } catch (error) {
    if (error instanceof EngineError && error.problem.code === 'effect_unknown' && !required) return null;
    throw error;
  }
}

function outcomeOf(
  statement: Statement,
  rows: JsonRows,
  end: { affectedRows: number | null; durationMs: number; stoppedBy?: unknown },
): StatementOutcome {
  return {
    statement: statement.text.slice(0, 2000),
    columns: rows.columnList.map(({ name, type, kind }) => ({ name, type, kind })),
    rows: rows.rows(),
    truncated: end.stoppedBy !== undefined && end.stoppedBy !== null,
    affectedRows: end.affectedRows,
    durationMs: end.durationMs,
  };
}

function conflict(index: number, { text }: Statement, affected: number | null): EnvelopeError {
  const row = /where (.*)$/s.exec(text)?.[1]?.slice(0, 120) ?? text.slice(0, 120);
  return new EnvelopeError(
    'conflict',
    `Step ${String(index + 1)} found ${affected === 0 ? 'no row' : `${String(affected)} rows`} as the change had left it: somebody changed it since (${row}…). Nothing was taken back.`,
  );
}

/** Throws when the execution did something else than what was previewed. */
export function refuseOtherEffect(
  done: { affectedRows: number; digest: string },
  { expected, tolerance }: Envelope,
): void {
  if (expected === null) return;
  const difference = Math.abs(done.affectedRows - expected.affectedRows);
  if (difference > tolerance) {
    const approved = `${String(expected.affectedRows)} rows were approved and ${String(done.affectedRows)} would change`;
    throw new EnvelopeError('effect_changed', `${approved}: everything was rolled back.`);
  }
  if (tolerance === 0 && done.digest !== expected.digest)
    throw new EnvelopeError(
      'effect_changed',
      'As many rows would change, but not the approved ones: everything was rolled back.',
    );
}
