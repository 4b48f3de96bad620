import { formatCount, formatNumber } from '../../../platform/http/view-helpers.js';
import type { ColumnView } from '../statement.view.js';
import { FILTER_OPERATORS, isArranged, type FilterOperator } from './arrangement.js';
import { addressOf } from './grid.view.js';
import type { View } from './result-reader.js';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

/** The form that filters what is shown, and what it has left. */
export interface FilterView {
  readonly action: string;
  readonly shown: number;
  /** Number of the column that is sorted by; empty for the order in which the rows came. */
  readonly sort: string;
  readonly dir: 'asc' | 'desc';
  readonly columns: readonly Choice[];
  readonly operators: readonly Choice[];
  readonly value: string;
  readonly active: boolean;
  /** Sorted or filtered: says that this is about what is shown, not about the whole table. */
  readonly arranged: string | null;
  readonly clearHref: string;
}

const LABELS: Readonly<Record<FilterOperator, string>> = {
  contains: 'contains',
  equals: '=',
  differs: '≠',
  less: '<',
  more: '>',
  null: 'is NULL',
  filled: 'is not NULL',
};

export function filterView(
  href: string,
  columns: readonly ColumnView[],
  view: View,
  total: number,
): FilterView {
  const { shown, sort, filter } = view;
  return {
    action: href,
    shown,
    sort: sort === null ? '' : String(sort.column),
    dir: sort?.descending === true ? 'desc' : 'asc',
    columns: [
      { value: '', label: 'any column', selected: (filter?.column ?? null) === null },
      ...columns.map(({ name }, index) => ({
        value: String(index),
        label: name,
        selected: filter?.column === index,
      })),
    ],
    operators: FILTER_OPERATORS.map((value) => ({
      value,
      label: LABELS[value],
      selected: value === (filter?.operator ?? 'contains'),
    })),
    value: filter?.value ?? '',
    active: filter !== null,
    arranged: isArranged(view) ? arrangedText(columns, view, total) : null,
    clearHref: addressOf(href, { shown, sort: null, filter: null }),
  };
}

function arrangedText(columns: readonly ColumnView[], { shown, sort, filter }: View, total: number): string {
  const parts: string[] = [];
  if (filter !== null) parts.push(`${formatNumber(total)} of the ${formatCount(shown, 'row')} shown`);
  if (sort !== null) {
    const name = columns[sort.column]?.name ?? '';
    parts.push(
      `sorted by ${name}${sort.descending ? ', descending' : ''}${filter === null ? ' among the rows shown' : ''}`,
    );
  }
  return parts.join(', ');
}
