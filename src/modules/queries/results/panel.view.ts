import { formatCount, formatDuration, formatNumber } from '../../../platform/http/view-helpers.js';
import type { KeptView, StatementError, StatementResult } from '../statement.view.js';
import { exportForm, type ExportFormView } from './export-form.view.js';
import { filterView, type FilterView } from './filter.view.js';
import { addressOf, gridView, type GridView } from './grid.view.js';
import type { View } from './result-reader.js';

/** What the person may do with results. */
export interface May {
  readonly export: boolean;
}

export interface PanelState {
  readonly tone: string;
  readonly text: string;
}

/** What a limit left out, and how to get it. */
export interface LimitView {
  readonly text: string;
  readonly next: { readonly label: string; readonly href: string } | null;
}

/** One statement's result: template `workbench/_result`. */
export interface Panel {
  readonly id: string;
  readonly label: string;
  readonly statement: string;
  readonly class: string;
  readonly state: PanelState;
  readonly durationMs: number;
  readonly error: StatementError | null;
  readonly notices: StatementResult['notices'];
  readonly grid: GridView | null;
  /** Null where the rows are not kept. */
  readonly filter: FilterView | null;
  readonly limit: LimitView | null;
  /** Null where it is not kept, or the person may not export. */
  readonly export: ExportFormView | null;
  /** The one to look at first. */
  readonly current: boolean;
}

/** A statement in the list of all that ran. */
export interface MessageView {
  readonly statement: string;
  readonly state: PanelState;
  readonly durationMs: number;
  readonly notices: StatementResult['notices'];
}

/** Everything a run has to show: template `workbench/_results`. */
export interface ResultsView {
  readonly runId: string;
  /** What was done at the end without being asked, such as rolling back a transaction left open. */
  readonly remarks: readonly string[];
  readonly panels: readonly Panel[];
  readonly messages: readonly MessageView[];
  /** Panels and messages need tabs to be told apart. */
  readonly tabs: boolean;
  /** Said to screen readers when it arrives. */
  readonly summary: string;
}

export function hrefOf(runId: string, number: number): string {
  return `/queries/results/${runId}/${String(number)}`;
}

export function keptView(kept: {
  runId: string;
  number: number;
  read: number;
  complete: boolean;
  repeatable: boolean;
  hash: string;
}): KeptView {
  const { runId, number, read, complete, repeatable, hash } = kept;
  return { href: hrefOf(runId, number), read, complete, repeatable, hash };
}

export const NEXT_ROWS = 1000;

export function resultsView(
  runId: string,
  results: readonly StatementResult[],
  remarks: readonly string[],
  may: May,
): ResultsView {
  const shown = results.flatMap((result, number) =>
    result.columns.length > 0 || result.error !== null ? [{ result, number }] : [],
  );
  const failed = shown.find(({ result }) => result.error !== null);
  const first = failed ?? shown[0];
  const silent = results.length - shown.length;
  const told = results.some(({ notices }) => notices.length > 0);
  const messages = silent > 0 || told ? results.map(messageOf) : [];
  return {
    ...{ runId, remarks, messages },
    panels: shown.map(({ result, number }) =>
      panelOf({ runId, number, may, current: number === first?.number }, result),
    ),
    tabs: shown.length + (messages.length > 0 ? 1 : 0) > 1,
    summary: summaryOf(results),
  };
}

interface Place {
  readonly runId: string;
  readonly number: number;
  readonly current: boolean;
  readonly may: May;
}

function panelOf({ runId, number, current, may }: Place, result: StatementResult): Panel {
  const { statement, durationMs, error, notices, kept, columns, rows, cut } = result;
  const id = `${runId}-${String(number)}`;
  const view = { shown: result.rowCount, sort: null, filter: null };
  const href = kept?.href ?? null;
  const facts = { id, href, columns, rows, cut, view, from: 0, total: result.rowCount };
  return {
    ...{ id, statement, durationMs, error, notices, current, class: result.class },
    label: `Result ${String(number + 1)}`,
    state: stateOf(result),
    grid: columns.length === 0 ? null : gridView(facts),
    filter: href === null ? null : filterView(href, columns, view, result.rowCount),
    export: kept === null || !may.export ? null : exportForm(kept.href, view, kept, result.rowCount),
    limit: limitOf({ ...result, view, read: kept?.read ?? result.rowCount, complete: kept?.complete }, href),
  };
}

function messageOf(result: StatementResult): MessageView {
  const { statement, durationMs, notices } = result;
  return { statement, durationMs, notices, state: stateOf(result) };
}

type Ending = Pick<StatementResult, 'error' | 'stoppedBy' | 'affectedRows' | 'rowCount' | 'columns'>;

export function stateOf({ error, stoppedBy, affectedRows, rowCount, columns }: Ending): PanelState {
  if (error !== null) {
    return error.code === 'cancelled' ? { tone: 'warn', text: 'cancelled' } : { tone: 'bad', text: 'failed' };
  }
  if (stoppedBy !== null) return { tone: 'warn', text: `${formatNumber(rowCount)}+ rows` };
  if (columns.length > 0) return { tone: 'good', text: formatCount(rowCount, 'row') };
  if (affectedRows !== null) return { tone: 'good', text: `${formatCount(affectedRows, 'row')} affected` };
  return { tone: 'good', text: 'done' };
}

export interface Limited {
  readonly stoppedBy: StatementResult['stoppedBy'];
  readonly durationMs: number;
  readonly view: View;
  readonly read: number;
  /** Absent where nobody knows more than that it was stopped. */
  readonly complete?: boolean | undefined;
}

/** Null where everything there is is shown. */
export function limitOf(limited: Limited, href: string | null): LimitView | null {
  const { view, read, complete, stoppedBy } = limited;
  const more = read - view.shown;
  if (more === 0 && (complete === true || stoppedBy === null)) return null;
  const next = Math.min(NEXT_ROWS, more);
  const shown = view.shown + next;
  return {
    text: `${stopText(limited)} ${restText(limited)}`,
    next:
      href === null || next === 0
        ? null
        : { label: `Next ${formatNumber(next)}`, href: addressOf(href, { ...view, shown }, view.shown) },
  };
}

function stopText({ stoppedBy, view: { shown }, durationMs }: Limited): string {
  const rows = formatCount(shown, 'row');
  if (stoppedBy === 'time') return `Stopped after ${formatDuration(durationMs)}; ${rows} had arrived.`;
  if (stoppedBy === 'bytes') return `Stopped after ${rows}, at the size limit.`;
  return `Stopped at ${rows}.`;
}

function restText({ view: { shown }, read, complete }: Limited): string {
  if (complete === true) return `There are ${formatNumber(read)}, and they were all read.`;
  if (read > shown) return `${formatNumber(read)} were read; there are more. The statement ran once.`;
  return 'What comes after was not read. The statement ran once.';
}

function summaryOf(results: readonly StatementResult[]): string {
  const each = results.map(({ error, columns, rowCount }) => {
    if (error !== null) return ` Error: ${error.message}`;
    return columns.length > 0 ? ` ${formatCount(rowCount, 'row')}.` : '';
  });
  return `${formatCount(results.length, 'result')}.${each.join('')}`;
}
