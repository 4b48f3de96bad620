import type { StatementEffect, TableEffect } from '../../effects.js';
import type { CaptureOptions, EngineSession, RunEnd, Statement } from '../../engine.js';
import { engineError } from '../../engine-error.js';
import { judgeParts } from '../analysis/expressions.js';
import { capturingText, parseWrite, type CapturingText, type ParsedWrite } from './capturing-text.js';
import { EffectRows } from './effect-rows.js';
import { readTarget, type Ask, type TargetTable } from './target-table.js';
import { touchedBetween, touchedSoFar } from './touched-tables.js';

export interface CaptureSession {
  readonly session: EngineSession;
  readonly ask: Ask;
}

/** Every row is seen, so that the count and the digest are whole; EffectRows keeps to the limits. */
const UNBOUNDED = { maxRows: Infinity, maxBytes: Infinity } as const;
/** Kinds of relations whose rows the transaction takes back: tables and partitioned tables. */
const TABLES: ReadonlySet<string> = new Set(['r', 'p']);

/** Runs a statement in the open transaction and says what it changed. See EngineSession.runCaptured. */
export async function runCaptured(
  { session, ask }: CaptureSession,
  statement: Statement,
  { limits, sink, signal, unapproved }: CaptureOptions,
): Promise<StatementEffect> {
  if (!session.inTransaction) throw engineError('effect_unknown', 'No transaction is open.');
  const write = sighted(parseWrite(statement.text));
  if (unapproved) refuseUnknownCode(write);
  const target = sighted(await seenTarget(ask, write));
  const { text, images } = sighted(capturingText(statement.text, write, target));
  const before = await touchedSoFar(ask);
  const rows = new EffectRows(target.columns, images, sink, limits);
  const end = await session.run({ ...statement, text }, { ...limits, ...UNBOUNDED }, rows, signal);
  const table = tableEffect(target, rows, end);
  return {
    affectedRows: rows.count,
    tables: [table],
    touched: touchedBetween(before, await touchedSoFar(ask), table),
    digest: rows.digest.hex(),
    remarks: remarksOf(target, table),
    durationMs: end.durationMs,
  };
}

/** A rollback does not take back what code does outside of the transaction, so unknown code is not tried. */
function refuseUnknownCode({ fields }: ParsedWrite): void {
  const { reason } = judgeParts(fields, { sequences: true });
  if (reason !== null)
    throw engineError('effect_unknown', `${reason} It is not tried before somebody has approved it.`);
}

function sighted<T extends CapturingText | ParsedWrite | TargetTable>(outcome: T | string): T {
  if (typeof outcome === 'string') throw engineError('effect_unknown', outcome);
  return outcome;
}

async function seenTarget(ask: Ask, { relation }: ParsedWrite): Promise<TargetTable | string> {
  const target = await readTarget(ask, relation);
  if (target === undefined) return 'The table has no columns.';
  if (!TABLES.has(target.kind)) return 'It changes a view or a foreign table: its effect happens elsewhere.';
  if (target.hasRules) return 'The table has rules, which put other statements in the place of this one.';
  return target;
}

function tableEffect(target: TargetTable, captured: EffectRows, { stoppedBy }: RunEnd): TableEffect {
  const { inserted, updated, deleted, rows, cut } = captured;
  return {
    schema: target.schema,
    table: target.name,
    columns: target.columns,
    inserted,
    updated,
    deleted,
    rows,
    complete: stoppedBy === null && !cut,
  };
}

function remarksOf(target: TargetTable, { inserted, complete, columns }: TableEffect): string[] {
  const remarks: string[] = [];
  if (!complete)
    remarks.push('More rows change than are kept: the rest is not shown and cannot be taken back.');
  if (!columns.some(({ key }) => key))
    remarks.push(`${target.name} has no key: its rows can be told apart only by all of their values.`);
  if (inserted > 0 && target.numbered)
    remarks.push('Numbers taken from a sequence are not given back: new rows get other numbers each time.');
  return remarks;
}
