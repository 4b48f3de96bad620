import type { Column, Row, ValueKind } from '../../../engines/engine.js';
import { compareValues, isNumeric } from './compare-values.js';

export const FILTER_OPERATORS = ['contains', 'equals', 'differs', 'less', 'more', 'null', 'filled'] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

export interface SortBy {
  readonly column: number;
  readonly descending: boolean;
}

export interface FilterBy {
  /** Null: any column will do. */
  readonly column: number | null;
  readonly operator: FilterOperator;
  readonly value: string;
}

/** In which order rows are looked at, and which of them. */
export interface Arrangement {
  readonly sort: SortBy | null;
  readonly filter: FilterBy | null;
}

export function isArranged({ sort, filter }: Arrangement): boolean {
  return sort !== null || filter !== null;
}

/** Looks at rows one by one and says afterwards which records to show in which order. */
export class Arranger {
  private readonly records: number[] = [];
  private readonly keys: (string | null)[] = [];
  private readonly needle: string;

  constructor(
    private readonly columns: readonly Column[],
    private readonly arrangement: Arrangement,
  ) {
    this.needle = (arrangement.filter?.value ?? '').toLowerCase();
  }

  add(row: Row, record: number): void {
    const { sort, filter } = this.arrangement;
    if (filter !== null && !this.matches(row, filter)) return;
    this.records.push(record);
    if (sort !== null) this.keys.push(textOf(row, sort.column));
  }

  order(): Uint32Array {
    const { sort } = this.arrangement;
    if (sort === null) return Uint32Array.from(this.records);
    const kind = this.columns[sort.column]?.kind ?? 'text';
    const places = Array.from(this.records, (_, place) => place);
    const sign = sort.descending ? -1 : 1;
    places.sort((left, right) => {
      const order = sign * this.compare(left, right, kind);
      return order === 0 ? left - right : order;
    });
    return Uint32Array.from(places, (place) => this.records[place] ?? 0);
  }

  /** NULL comes last, and first in descending order, as PostgreSQL has it. */
  private compare(left: number, right: number, kind: ValueKind): number {
    const a = this.keys[left] ?? null;
    const b = this.keys[right] ?? null;
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return compareValues(a, b, kind);
  }

  private matches(row: Row, filter: FilterBy): boolean {
    if (filter.column !== null) return this.cellMatches(row, filter.column, filter);
    for (let index = 0; index < row.length; index += 1) {
      if (this.cellMatches(row, index, filter)) return true;
    }
    return false;
  }

  private cellMatches(row: Row, index: number, { operator, value }: FilterBy): boolean {
    const text = textOf(row, index);
    if (text === null) return operator === 'null';
    if (operator === 'contains') return text.toLowerCase().includes(this.needle);
    const kind = row.kind?.(index) ?? this.columns[index]?.kind ?? 'text';
    // Against a number only numbers compare: `10` is not less than `9` because it begins with a 1.
    const comparable = !isNumeric(kind) || isNumber(value);
    return TESTS[operator](comparable ? compareValues(text, value, kind) : NaN);
  }
}

/** Whether a value passes that compares like this; NaN where it does not compare at all. */
const TESTS: Readonly<Record<Exclude<FilterOperator, 'contains'>, (order: number) => boolean>> = {
  equals: (order) => order === 0,
  differs: (order) => order !== 0,
  less: (order) => order < 0,
  more: (order) => order > 0,
  null: () => false,
  filled: () => true,
};

function isNumber(text: string): boolean {
  return text.trim() !== '' && !Number.isNaN(Number(text));
}

function textOf(row: Row, index: number): string | null {
  const bytes = row.bytes(index);
  if (bytes === null) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
