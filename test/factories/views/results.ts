import { JsonRows } from '../../../src/engines/json-rows.js';
import type { Row } from '../../../src/engines/engine.js';
import { exportView, type ExportView } from '../../../src/modules/queries/export/export.view.js';
import type { StoredExport } from '../../../src/modules/queries/export/export.types.js';
import { cellView, type CellView } from '../../../src/modules/queries/results/cell.view.js';
import type { View } from '../../../src/modules/queries/results/result-reader.js';
import type { KeptResult } from '../../../src/modules/queries/results/results.types.js';
import { resultPage, type ResultPage } from '../../../src/modules/queries/results/results.view.js';
import { idOf, minutesAgo } from './frame.js';

export function makeKeptResult(change: Partial<KeptResult> = {}): KeptResult {
  return {
    runId: idOf(50),
    number: 0,
    tenantId: idOf(2),
    membershipId: idOf(3),
    statement: 'select id, note, document, photo from customers',
    class: 'read',
    columns: [
      { name: 'id', type: 'bigint', kind: 'integer' },
      { name: 'note', type: 'text', kind: 'text' },
      { name: 'document', type: 'jsonb', kind: 'json' },
      { name: 'photo', type: 'bytea', kind: 'binary' },
    ],
    blobId: idOf(60),
    shown: 1000,
    read: 4312,
    complete: true,
    stoppedBy: 'rows',
    hash: 'ab'.repeat(32),
    affectedRows: null,
    durationMs: 12.4,
    notices: [],
    problem: null,
    pinnedAt: null,
    createdAt: new Date(minutesAgo(6)),
    expiresAt: new Date(minutesAgo(-1434)),
    databaseId: idOf(10),
    databaseName: 'shop_dev',
    repeatable: true,
    ...change,
  };
}

const LONG = 'A note that goes on and on. '.repeat(200);

export function makeRow(cells: readonly (string | null)[], sizes: Readonly<Record<number, number>> = {}): Row {
  const all = cells.map((cell) => (cell === null ? null : Buffer.from(cell)));
  return {
    length: all.length,
    bytes: (index) => all[index] ?? null,
    size: (index) => sizes[index] ?? all[index]?.length ?? 0,
    kind: (index) => (['integer', 'text', 'json', 'binary'] as const)[index] ?? 'text',
  };
}

const AS_IT_CAME: View = { shown: 1000, sort: null, filter: null };

export function makeResultPage(view: Partial<View> = {}, change: Partial<KeptResult> = {}): ResultPage {
  const result = makeKeptResult(change);
  const rows = new JsonRows();
  rows.columns(result.columns);
  const records = Array.from({ length: 200 }, (_, index) => 200 + index);
  for (const record of records) {
    rows.row(makeRow([String(record), record % 2 === 0 ? null : LONG, '{"a": [1, 2]}', '\\x00ff'], { 1: 90_000 }));
  }
  return resultPage(result, { ...AS_IT_CAME, ...view }, { from: 200, total: 1000, rows, records }, { export: true });
}

export function makeCell(column: number, all = false, sizes: Readonly<Record<number, number>> = {}): CellView {
  const row = makeRow(['7', LONG, '{"a": [1, 2]}', `\\x${'00ff'.repeat(2000)}`], sizes);
  return cellView(makeKeptResult(), row, { record: 6, column, all });
}

export function makeNullCell(): CellView {
  return cellView(makeKeptResult(), makeRow(['7', null, null, null]), { record: 6, column: 1, all: false });
}

export function makeEmptyCell(): CellView {
  return cellView(makeKeptResult(), makeRow(['7', '', null, null]), { record: 6, column: 1, all: false });
}

export function makeExport(change: Partial<StoredExport> = {}): ExportView {
  const stored: StoredExport = {
    id: idOf(70),
    tenantId: idOf(2),
    membershipId: idOf(3),
    runId: idOf(50),
    fileName: 'shop_dev-orders.csv',
    format: 'csv',
    scope: 'all',
    status: 'running',
    rows: 120_000,
    bytes: 4_200_000,
    defused: 0,
    hash: null,
    error: null,
    startedAt: new Date(minutesAgo(1)),
    seenAt: new Date(minutesAgo(0)),
    finishedAt: null,
    ...change,
  };
  return exportView(stored, new Date(minutesAgo(0)));
}
