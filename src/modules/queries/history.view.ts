import type { HistorySlice } from './history.service.js';
import type { StoredRun } from './queries.types.js';
import { toneOf, type HistoryPage, type HistoryRow, type RunView } from './queries.view.js';

const SUMMARY_LENGTH = 120;

export function historyPage({ runs, next }: HistorySlice): HistoryPage {
  return {
    runs: runs.map(historyRow),
    next: next === null ? null : `/queries/history?before=${next}`,
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
