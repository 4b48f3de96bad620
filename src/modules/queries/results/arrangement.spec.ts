import type { Column, Row, ValueKind } from '../../../engines/engine.js';
import { Arranger, type Arrangement } from './arrangement.js';

function rowOf(cells: readonly (string | null)[]): Row {
  const all = cells.map((cell) => (cell === null ? null : Buffer.from(cell)));
  return {
    length: all.length,
    bytes: (index) => all[index] ?? null,
    size: (index) => all[index]?.length ?? 0,
  };
}

function arrange(
  kinds: readonly ValueKind[],
  rows: readonly (readonly (string | null)[])[],
  how: Partial<Arrangement>,
): (string | null)[] {
  const columns: Column[] = kinds.map((kind) => ({ name: 'c', type: kind, kind }));
  const arranger = new Arranger(columns, { sort: null, filter: null, ...how });
  rows.forEach((row, record) => {
    arranger.add(rowOf(row), record);
  });
  return [...arranger.order()].map((record) => rows[record]?.[0] ?? null);
}

const sorted = (kind: ValueKind, values: readonly (string | null)[], descending = false): (string | null)[] =>
  arrange(
    [kind],
    values.map((value) => [value]),
    { sort: { column: 0, descending } },
  );

it.each<[ValueKind, (string | null)[]]>([
  ['integer', ['-9007199254740993', '-2', '9', '10', '9007199254740992', '9007199254740993', null]],
  ['decimal', ['-1.10', '0.1', '0.10000000000000000001', '1.5', '12', 'NaN', null]],
  ['float', ['-Infinity', '-1e+300', '2', '1e+300', 'Infinity', 'NaN', null]],
  ['text', ['a', 'B', 'b', 'c', null]],
  ['time', ['2026-03-29 01:30:00+02', '2026-03-29 00:00:00+00', '2026-03-29 01:30:00+01', null]],
  ['boolean', ['f', 't', null]],
])('sorts %s by what the values mean, NULL last', (kind, expected) => {
  const shuffled = [...expected].sort((a, b) => String(b).length - String(a).length);
  expect(sorted(kind, shuffled)).toEqual(expected);
  expect(sorted(kind, shuffled, true)).toEqual([...expected].reverse());
});

it('leaves rows that are the same in the order in which they came', () => {
  const rows = [
    ['x', '1'],
    ['y', '0'],
    ['z', '1'],
  ];
  expect(arrange(['text', 'integer'], rows, { sort: { column: 1, descending: false } })).toEqual([
    'y',
    'x',
    'z',
  ]);
  expect(arrange(['text', 'integer'], rows, { sort: { column: 1, descending: true } })).toEqual([
    'x',
    'z',
    'y',
  ]);
});

describe('Filtering', () => {
  const rows = [
    ['Ada', '9', null],
    ['bob', '10', 'ada@example.com'],
    ['Cid', '100', ''],
  ];
  const kept = (filter: Arrangement['filter']): (string | null)[] =>
    arrange(['text', 'integer', 'text'], rows, { filter });

  it('finds a text in any column, whatever its case', () => {
    expect(kept({ column: null, operator: 'contains', value: 'ADA' })).toEqual(['Ada', 'bob']);
    expect(kept({ column: 0, operator: 'contains', value: 'ADA' })).toEqual(['Ada']);
  });

  it('compares numbers as numbers', () => {
    expect(kept({ column: 1, operator: 'less', value: '10' })).toEqual(['Ada']);
    expect(kept({ column: 1, operator: 'more', value: '9' })).toEqual(['bob', 'Cid']);
    expect(kept({ column: 1, operator: 'equals', value: '10.0' })).toEqual(['bob']);
    expect(kept({ column: 1, operator: 'less', value: 'many' })).toEqual([]);
  });

  it('keeps NULL and the empty text apart', () => {
    expect(kept({ column: 2, operator: 'null', value: '' })).toEqual(['Ada']);
    expect(kept({ column: 2, operator: 'filled', value: '' })).toEqual(['bob', 'Cid']);
    expect(kept({ column: 2, operator: 'equals', value: '' })).toEqual(['Cid']);
    expect(kept({ column: 2, operator: 'differs', value: '' })).toEqual(['bob']);
  });

  it('goes together with sorting', () => {
    const how = {
      filter: { column: 1, operator: 'more', value: '9' },
      sort: { column: 1, descending: true },
    } as const;
    expect(arrange(['text', 'integer', 'text'], rows, how)).toEqual(['Cid', 'bob']);
  });
});
