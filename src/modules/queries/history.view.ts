import type { HistorySlice } from './history.service.js';
import { STATEMENT_CLASSES } from '../../engines/engine.js';
import { RUN_STATES, type HistoryFilter, type StoredRun } from './queries.types.js';
import {
  toneOf,
  type HistoryChoice,
  type HistoryPage,
  type HistoryPageWhole,
  type HistoryRow,
  type RunView,
} from './queries.view.js';

const SUMMARY_LENGTH = 120;

const ADDRESS = '/queries/history';

export function historyPage({ runs, next }: HistorySlice, filter: HistoryFilter): HistoryPage {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][];
  const address = (more: [string, string][]): string => {
    const query = new URLSearchParams([...given, ...more]).toString();
    return query === '' ? ADDRESS : `${ADDRESS}?${query}`;
  };
  return {
    runs: runs.map(historyRow),
    next: next === null ? null : address([['before', next]]),
    self: address([]),
    filtered: given.length > 0,
  };
}

export function historyPageWhole(
  page: HistoryPage,
  filter: HistoryFilter,
  databases: readonly { id: string; name: string }[],
): HistoryPageWhole {
  const choices = (values: readonly string[], chosen: string | undefined): HistoryChoice[] =>
    values.map((value) => ({ value, label: value, selected: value === chosen }));
  return {
    ...page,
    q: filter.q ?? '',
    databases: databases.map(({ id, name }) => ({
      value: id,
      label: name,
      selected: id === filter.databaseId,
    })),
    statuses: choices(RUN_STATES, filter.status),
    classes: choices(STATEMENT_CLASSES, filter.class),
  };
}

export function historyRow(run: StoredRun): HistoryRow {
  return {
    runId: run.id,
    databaseId: run.databaseId,
    databaseName: run.databaseName,
    summary: summaryOf(run.sql),
    status: run.status,
    tone: toneOf(run.status),
    startedAt: run.startedAt.toISOString(),
    durationMs: run.durationMs,
    rowCount: run.rowCount,
    href: `/workbench?databaseId=${run.databaseId}&run=${run.id}`,
  };
}

export function runView(run: StoredRun): RunView {
  return {
    ...historyRow(run),
    sql: run.sql,
    errorCode: run.errorCode,
    errorMessage: run.errorMessage,
    statements: run.statements.map(
      ({ class: statementClass, durationMs, rowCount, errorCode, errorMessage }) => ({
        class: statementClass,
        durationMs,
        rowCount,
        errorCode,
        errorMessage,
      }),
    ),
  };
}

function summaryOf(sql: string): string {
  const line = sql
    .slice(0, 4 * SUMMARY_LENGTH)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > SUMMARY_LENGTH ? `${line.slice(0, SUMMARY_LENGTH)}…` : line;
}
