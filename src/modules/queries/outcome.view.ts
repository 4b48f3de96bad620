import type { EngineProblem } from '../../engines/engine.js';
import type { CutCell, JsonRows } from '../../engines/json-rows.js';
import { ENCODED, type PreEncoded } from '../../platform/http/answers.js';
import type { CountedSink, StatementOutcome } from './batch.js';
import type { RunOutcome } from './queries.view.js';
import { KeptRows } from './results/kept-rows.js';
import { keptView, resultsView, type May, type ResultsView } from './results/panel.view.js';
import type { RunResult } from './runs.service.js';
import { statementError, type StatementResult } from './statement.view.js';

/** Suggestions by the number of the statement they are for. */
export type Hints = ReadonlyMap<number, string>;

/** Rows that can be shown: all of them, or the first part of what is kept. */
export interface ShownRows extends CountedSink, Pick<JsonRows, 'columnList' | 'json' | 'rows'> {
  readonly cut: readonly CutCell[];
}

/**
 * The outcome of a run. As JSON the rows go out as the engine wrote them; a page reads them as values, and only then
 * are they made.
 */
export function runOutcome(
  result: RunResult<ShownRows>,
  sql: string,
  { hints, may }: { hints: Hints; may: May },
): RunOutcome & PreEncoded {
  const { runId, unread, outcomes } = result;
  const sets = outcomes.some(({ statement }) => statement.class === 'control');
  const remarks = remarksOf(result);
  const results =
    unread === null
      ? outcomes.map((outcome, number) =>
          resultOf({ runId, number, sets, hint: hints.get(number) ?? null }, outcome),
        )
      : [unreadResult(sql, unread.problem)];
  let view: ResultsView | null = null;
  const pageView = (): ResultsView => (view ??= resultsView(runId, results, remarks, may));
  return {
    ...{ runId, results, remarks },
    get panels() {
      return pageView().panels;
    },
    get messages() {
      return pageView().messages;
    },
    get tabs() {
      return pageView().tabs;
    },
    get summary() {
      return pageView().summary;
    },
    [ENCODED]: () => encode({ runId, results, remarks }, outcomes),
  };
}

interface Place {
  readonly runId: string;
  readonly number: number;
  /** Something in the run set something for the session. */
  readonly sets: boolean;
  readonly hint: string | null;
}

function resultOf(
  { runId, number, sets, hint }: Place,
  { statement, rows, end, problem, hash }: StatementOutcome<ShownRows>,
): StatementResult {
  const repeatable = statement.class === 'read' && !sets;
  return {
    statement: statement.text,
    class: statement.class,
    columns: rows.columnList.map(({ name, type, kind }) => ({ name, type, kind })),
    get rows() {
      return rows.rows();
    },
    rowCount: end.rowCount,
    affectedRows: end.affectedRows,
    truncated: end.stoppedBy !== null,
    stoppedBy: end.stoppedBy,
    durationMs: Math.round(end.durationMs * 100) / 100,
    notices: end.notices,
    cut: rows.cut,
    kept:
      rows instanceof KeptRows && hash !== null
        ? keptView({ runId, number, hash, repeatable, ...rows.kept })
        : null,
    error:
      problem === null
        ? null
        : statementError(statement.text, { ...problem, hint: hint ?? problem.hint }, statement.start),
  };
}

/** A text that cannot be read counts as the strictest class; nothing of it ran. */
function unreadResult(sql: string, problem: EngineProblem): StatementResult {
  return {
    statement: sql,
    class: 'admin',
    columns: [],
    rows: [],
    rowCount: 0,
    affectedRows: null,
    truncated: false,
    stoppedBy: null,
    durationMs: 0,
    notices: [],
    cut: [],
    kept: null,
    error: statementError(sql, problem, 0),
  };
}

function remarksOf({ rolledBack, target }: RunResult<ShownRows>): string[] {
  const remarks: string[] = [];
  if (target.wokenInMs !== null) {
    remarks.push(
      `The database was stopped and has been started for this run, in ${(target.wokenInMs / 1000).toFixed(1)} s.`,
    );
  }
  if (rolledBack) remarks.push('A transaction was left open at the end of the run. It has been rolled back.');
  return remarks;
}

/** Rows are spliced in where they belong; nothing walks them again. */
function encode(
  outcome: Pick<RunOutcome, 'runId' | 'results' | 'remarks'>,
  outcomes: readonly StatementOutcome<ShownRows>[],
): Buffer {
  const parts: Buffer[] = [Buffer.from(`{"runId":${JSON.stringify(outcome.runId)},"results":[`)];
  outcome.results.forEach((result, index) => {
    const head = JSON.stringify(factsOf(result));
    parts.push(Buffer.from(`${index === 0 ? '' : ','}${head.slice(0, -1)},"rows":`));
    parts.push(outcomes[index]?.rows.json() ?? Buffer.from('[]'), Buffer.from('}'));
  });
  parts.push(Buffer.from(`],"remarks":${JSON.stringify(outcome.remarks)}}`));
  return Buffer.concat(parts);
}

/** Everything but the rows, which would be made into values only to be written again. */
function factsOf(result: StatementResult): Omit<StatementResult, 'rows'> {
  const { statement, class: statementClass, columns, rowCount, affectedRows, truncated, stoppedBy } = result;
  const { durationMs, notices, cut, kept, error } = result;
  const ending = { rowCount, affectedRows, truncated, stoppedBy, durationMs, notices, cut, kept, error };
  return { statement, class: statementClass, columns, ...ending };
}
