import type { Actor } from '../../../platform/access/actor.js';
import { statementError } from '../statement.view.js';
import { exportForm } from './export-form.view.js';
import { filterView } from './filter.view.js';
import { gridView, partView, type GridFacts, type PartView } from './grid.view.js';
import { hrefOf, limitOf, stateOf, type May, type Panel, type ResultsView } from './panel.view.js';
import type { View } from './result-reader.js';
import type { ViewQuery } from './results.dto.js';
import type { Part } from './results.service.js';
import type { KeptResult } from './results.types.js';

/** GET /queries/results/:runId/:number: template `workbench/result`, fragment `workbench/_result`. */
export interface ResultPage extends Panel {
  readonly runId: string;
  readonly databaseId: string;
  readonly databaseName: string;
  readonly startedAt: string;
  /** The workbench with the run that this is a result of. */
  readonly runHref: string;
}

/** What was asked for, as far as the result has it: columns that do not exist are not sorted by. */
export function viewOf(result: KeptResult, query: ViewQuery): View {
  const { sort, dir, column, op, value = '', shown = result.shown } = query;
  const exists = (index: number | undefined): index is number =>
    index !== undefined && index < result.columns.length;
  const asks = op !== undefined && (value !== '' || op === 'null' || op === 'filled' || op === 'equals');
  return {
    shown: Math.min(Math.max(shown, result.shown), result.read),
    sort: exists(sort) ? { column: sort, descending: dir === 'desc' } : null,
    filter: asks ? { column: exists(column) ? column : null, operator: op, value } : null,
  };
}

export function resultPage(result: KeptResult, view: View, part: Part, may: May): ResultPage {
  const { runId, number, statement, durationMs, notices, columns, databaseId, databaseName } = result;
  const facts = factsOf(result, view, part);
  const { id, href } = facts;
  const error = result.problem === null ? null : statementError(statement, result.problem);
  const whole = view.shown === result.read && result.complete;
  const ending = { ...result, error, stoppedBy: whole ? null : (result.stoppedBy ?? 'rows') };
  return {
    ...{ id, runId, statement, durationMs, notices, databaseId, databaseName, error, class: result.class },
    label: `Result ${String(number + 1)}`,
    state: stateOf({ ...ending, rowCount: view.shown }),
    grid: gridView(facts),
    filter: filterView(href, columns, view, part.total),
    limit: limitOf({ ...result, view }, href),
    export: may.export ? exportForm(href, view, result, part.total) : null,
    current: true,
    startedAt: result.createdAt.toISOString(),
    runHref: `/workbench?databaseId=${databaseId}&run=${runId}`,
  };
}

/** What is left of a run's results. */
export function keptResultsView(
  runId: string,
  kept: readonly { result: KeptResult; part: Part }[],
  may: May,
): ResultsView {
  const panels = kept.map(({ result, part }, index) => ({
    ...resultPage(result, { shown: result.shown, sort: null, filter: null }, part, may),
    current: index === 0,
  }));
  return { runId, panels, remarks: [], messages: [], tabs: panels.length > 1, summary: '' };
}

export function resultPart(result: KeptResult, view: View, part: Part): PartView {
  return partView(factsOf(result, view, part));
}

function factsOf(
  { runId, number, columns }: KeptResult,
  view: View,
  part: Part,
): GridFacts & { href: string } {
  const { from, total, rows, records } = part;
  return {
    ...{ columns, view, from, total, records, rows: rows.rows(), cut: rows.cut },
    id: `${runId}-${String(number)}`,
    href: hrefOf(runId, number),
  };
}

export function mayOf(actor: Actor): May {
  return { export: actor.permissions.has('queries:export') };
}
