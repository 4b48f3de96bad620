import { formatBytes, formatCount, type Cell, type ShownCell } from '../../../platform/http/view-helpers.js';
import type { ColumnView } from '../statement.view.js';
import type { SortBy } from './arrangement.js';
import type { View } from './result-reader.js';
import { PART_ROWS } from './results.types.js';

/** Characters of a cell that the grid has; the cell's own page has the rest. */
const SHOWN_CHARACTERS = 300;
const SHOWN_BINARY = 16;

export interface GridColumn extends ColumnView {
  /** `ascending`, `descending` or `none`, as the browser tells it. */
  readonly sorted: string;
  /** Sorts by this column; null where the rows are not kept. */
  readonly sortHref: string | null;
}

export interface GridRow {
  /** Its place in what is shown, from 1. */
  readonly ordinal: number;
  /** Its place in the table for screen readers, whose first row is the head. */
  readonly place: number;
  /** Its number among the kept rows, from 0. */
  readonly record: number;
  readonly cells: readonly ShownCell[];
}

/** GET /queries/results/:runId/:number/rows: fragment `workbench/_part`. */
export interface PartView {
  readonly id: string;
  /** Address of the result; null where its rows are not kept. */
  readonly href: string | null;
  readonly columns: readonly ColumnView[];
  readonly from: number;
  readonly total: number;
  readonly rows: readonly GridRow[];
}

/** Template `workbench/_rows`. */
export interface GridView extends PartView {
  readonly columns: readonly GridColumn[];
  /** How many columns the table has with the one of the row numbers. */
  readonly columnCount: number;
  readonly rowCount: number;
  /** Where further parts come from, to be completed with `from`. */
  readonly rowsHref: string | null;
  readonly partRows: number;
  readonly pager: {
    readonly text: string;
    readonly previous: string | null;
    readonly next: string | null;
  } | null;
}

export interface GridFacts {
  readonly id: string;
  readonly href: string | null;
  readonly columns: readonly ColumnView[];
  readonly view: View;
  readonly from: number;
  readonly total: number;
  readonly rows: Iterable<readonly Cell[]>;
  readonly cut: readonly { readonly row: number; readonly column: number; readonly size: number }[];
  /** Numbers among the kept rows; absent where they are those of the part itself. */
  readonly records?: readonly number[];
}

export function partView({ id, href, columns, from, total, rows, cut, records }: GridFacts): PartView {
  const sizes = new Map(cut.map(({ row, column, size }) => [`${String(row)}:${String(column)}`, size]));
  return {
    ...{ id, href, columns, from, total },
    rows: Array.from(rows, (cells, index) => ({
      ordinal: from + index + 1,
      place: from + index + 2,
      record: records?.[index] ?? from + index,
      cells: cells.map((cell, column) =>
        shownCell(cell, columns[column]?.kind ?? 'text', sizes.get(`${String(index)}:${String(column)}`)),
      ),
    })),
  };
}

export function gridView(facts: GridFacts): GridView {
  const { href, view, total } = facts;
  const part = partView(facts);
  return {
    ...part,
    columns: facts.columns.map(({ name, type, kind }, index) => ({
      ...{ name, type, kind },
      sorted: sortedAs(view.sort, index),
      sortHref: href === null ? null : addressOf(href, { ...view, sort: nextSort(view.sort, index) }),
    })),
    columnCount: facts.columns.length + 1,
    rowCount: total + 1,
    rowsHref: href === null ? null : addressOf(`${href}/rows`, view),
    partRows: PART_ROWS,
    pager: href === null || total <= PART_ROWS ? null : pagerOf(href, facts),
  };
}

/** The address of a view: what is as usual is left out. */
export function addressOf(href: string, { shown, sort, filter }: View, from = 0): string {
  const query = new URLSearchParams({ shown: String(shown) });
  if (sort !== null) {
    query.set('sort', String(sort.column));
    query.set('dir', sort.descending ? 'desc' : 'asc');
  }
  if (filter !== null) {
    if (filter.column !== null) query.set('column', String(filter.column));
    query.set('op', filter.operator);
    query.set('value', filter.value);
  }
  if (from > 0) query.set('from', String(from));
  return `${href}?${query.toString()}`;
}

function sortedAs(sort: SortBy | null, index: number): string {
  if (sort?.column !== index) return 'none';
  return sort.descending ? 'descending' : 'ascending';
}

/** Up, down, and as it came. */
function nextSort(sort: SortBy | null, index: number): SortBy | null {
  if (sort?.column !== index) return { column: index, descending: false };
  return sort.descending ? null : { column: index, descending: true };
}

function pagerOf(href: string, { view, from, total }: GridFacts): GridView['pager'] {
  const to = Math.min(total, from + PART_ROWS);
  return {
    text: `Rows ${from + 1 === to ? '' : `${(from + 1).toLocaleString('en-US')}–`}${to.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`,
    previous: from === 0 ? null : addressOf(href, view, Math.max(0, from - PART_ROWS)),
    next: to >= total ? null : addressOf(href, view, to),
  };
}

/** A cell as the grid has it: what does not fit, or is not on one line, says what there is more of it. */
export function shownCell(cell: Cell, kind: string, size: number | undefined): ShownCell {
  if (typeof cell !== 'string') return cell;
  if (kind === 'binary') return binaryCell(cell, size);
  const lines = cell.includes('\n') ? cell.split('\n').length : 1;
  if (size === undefined && cell.length <= SHOWN_CHARACTERS && lines === 1) return cell;
  const text = cell.slice(0, SHOWN_CHARACTERS).replaceAll(/\r?\n|\r/g, '↵');
  if (size === undefined && cell.length <= SHOWN_CHARACTERS)
    return { text, more: formatCount(lines, 'line') };
  return { text: `${text}…`, more: formatBytes(size ?? Buffer.byteLength(cell)) };
}

/** The first bytes in hexadecimal, and how many there are. */
function binaryCell(cell: string, size: number | undefined): ShownCell {
  const hex = hexOf(cell);
  const bytes = size === undefined ? hex.length / 2 : Math.floor((size - (cell.length - hex.length)) / 2);
  const shown = hex.slice(0, 2 * SHOWN_BINARY);
  return { text: shown === '' ? '' : `${shown}${bytes > SHOWN_BINARY ? '…' : ''}`, more: formatBytes(bytes) };
}

/** The digits of a binary value without what an engine puts in front of them. */
export function hexOf(text: string): string {
  return /^(?:\\x|0x)/i.test(text) ? text.slice(2) : text;
}
