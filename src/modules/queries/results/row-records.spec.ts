import type { Column, Row, ValueKind } from '../../../engines/engine.js';
import { JsonRows } from '../../../engines/json-rows.js';
import { recordsOf, RecordBuffer } from './row-records.js';

interface Cell {
  readonly text: string | null;
  readonly size?: number;
  readonly kind?: ValueKind;
}

function rowOf(cells: readonly Cell[]): Row {
  const all = cells.map(({ text }) => (text === null ? null : Buffer.from(text)));
  return {
    length: cells.length,
    bytes: (index) => all[index] ?? null,
    size: (index) => cells[index]?.size ?? all[index]?.length ?? 0,
    ...(cells.some(({ kind }) => kind !== undefined) && { kind: (index) => cells[index]?.kind ?? 'text' }),
  };
}

const columns: Column[] = ['integer', 'text', 'json'].map((kind) => ({
  name: 'a',
  type: kind,
  kind: kind as ValueKind,
}));

/** What comes back, as the API would show it. */
function roundTrip(rows: readonly (readonly Cell[])[]): JsonRows {
  const buffer = new RecordBuffer();
  for (const row of rows) buffer.add(rowOf(row));
  const { content, records } = buffer.take();
  expect(records).toBe(rows.length);
  const json = new JsonRows();
  json.columns(columns);
  for (const row of recordsOf(content, columns)) json.row(row);
  return json;
}

it('keeps NULL and the empty text apart, and every byte', () => {
  const rows = roundTrip([
    [{ text: '1' }, { text: '' }, { text: null }],
    [{ text: '9007199254740993' }, { text: 'Zoë 😀\u0000' }, { text: '{"a": 1}' }],
  ]);
  expect(rows.rows()).toEqual([
    [1, '', null],
    ['9007199254740993', 'Zoë 😀\u0000', '{"a": 1}'],
  ]);
});

it('keeps the size of a cell that was cut', () => {
  const rows = roundTrip([[{ text: '1' }, { text: 'abc', size: 5_000_000 }, { text: null }]]);
  expect(rows.cut).toEqual([{ row: 0, column: 1, size: 5_000_000 }]);
});

it('keeps the kind that a cell has of its own, and else takes the column’s', () => {
  const own = roundTrip([
    [
      { text: '7', kind: 'text' },
      { text: '7', kind: 'integer' },
      { text: 't', kind: 'boolean' },
    ],
  ]);
  expect(own.rows()).toEqual([['7', 7, true]]);
  expect(roundTrip([[{ text: '7' }, { text: '7' }, { text: '7' }]]).rows()).toEqual([[7, '7', '7']]);
});

it('grows with what comes, a row larger than a chunk included', () => {
  const long = 'x'.repeat(700_000);
  const many = Array.from({ length: 5000 }, (_, index) => [
    { text: String(index) },
    { text: long.slice(0, index) },
    { text: null },
  ]);
  expect(roundTrip([[{ text: '1' }, { text: long }, { text: null }]]).rows()).toEqual([[1, long, null]]);
  expect(roundTrip(many.slice(0, 2000)).rows()[1999]).toEqual([1999, 'x'.repeat(1999), null]);
});

it('gives what is fresh once, so that a hash can follow', () => {
  const buffer = new RecordBuffer();
  buffer.add(rowOf([{ text: 'a' }]));
  const first = Buffer.from(buffer.fresh());
  buffer.add(rowOf([{ text: 'b' }]));
  const second = Buffer.from(buffer.fresh());
  expect(Buffer.concat([first, second])).toEqual(buffer.take().content);
  expect(buffer.fresh()).toHaveLength(0);
});
