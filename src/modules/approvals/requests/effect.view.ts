import type { ChangedRow, StatementEffect, TableEffect } from '../../../engines/effects.js';
import type { EffectPreview } from './requests.types.js';

/** Changed rows that a page shows at once. */
const SHOWN_ROWS = 50;

export interface CellChange {
  readonly before: string | null;
  readonly after: string | null;
  readonly changed: boolean;
}

export interface DiffRow {
  readonly kind: 'inserted' | 'updated' | 'deleted';
  readonly cells: readonly CellChange[];
}

export interface DiffTable {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly key: boolean }[];
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly rows: readonly DiffRow[];
  readonly shown: number;
  readonly more: number;
}

export interface EffectView {
  readonly at: string;
  readonly refusal: string | null;
  readonly affectedRows: number;
  readonly durationMs: number;
  readonly tables: readonly DiffTable[];
  readonly touched: readonly { readonly table: string; readonly rows: number }[];
  readonly remarks: readonly string[];
}

export function effectView({ at, refusal, affectedRows, statements }: EffectPreview): EffectView {
  return {
    at,
    refusal,
    affectedRows,
    durationMs: statements.reduce((sum, { durationMs }) => sum + durationMs, 0),
    tables: statements.flatMap(({ tables }) => tables.map(diffTable)),
    touched: statements.flatMap(touchedBy),
    remarks: [...new Set(statements.flatMap(({ remarks }) => remarks))],
  };
}

function touchedBy({ touched }: StatementEffect): { table: string; rows: number }[] {
  return touched.map(({ table, inserted, updated, deleted }) => ({
    table,
    rows: inserted + updated + deleted,
  }));
}

function diffTable({ schema, table, columns, rows, ...counts }: TableEffect): DiffTable {
  const { inserted, updated, deleted } = counts;
  const shown = rows.slice(0, SHOWN_ROWS);
  return {
    table: schema === null ? table : `${schema}.${table}`,
    columns: columns.map(({ name, type, key }) => ({ name, type, key })),
    inserted,
    updated,
    deleted,
    rows: shown.map(diffRow),
    shown: shown.length,
    more: inserted + updated + deleted - shown.length,
  };
}

function diffRow({ before, after }: ChangedRow): DiffRow {
  const kind = before === null ? 'inserted' : after === null ? 'deleted' : 'updated';
  const cells = (after ?? before ?? []).map((_, index) => {
    const [was, is] = [before?.[index] ?? null, after?.[index] ?? null];
    return { before: was, after: is, changed: kind === 'updated' && was !== is };
  });
  return { kind, cells };
}
