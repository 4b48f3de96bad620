import type { Column, Row, ValueKind } from './engine.js';
import { JsonRows } from './json-rows.js';

const column = (kind: ValueKind): Column => ({ name: 'c', type: kind, kind });

function row(cells: readonly (string | null)[], limit = 1000): Row {
  const all = cells.map((cell) => (cell === null ? null : Buffer.from(cell)));
  return {
    length: all.length,
    bytes: (index) => all[index]?.subarray(0, limit) ?? null,
    size: (index) => all[index]?.length ?? 0,
  };
}

function written(kind: ValueKind, cells: readonly (string | null)[]): unknown {
  const sink = new JsonRows();
  sink.columns([column(kind)]);
  for (const cell of cells) sink.row(row([cell]));
  return sink.rows().map(([value]) => value);
}

describe('values', () => {
  it.each<[ValueKind, string | null, unknown]>([
    ['integer', '42', 42],
    ['integer', '-9007199254740991', -9007199254740991],
    ['integer', '9007199254740993', '9007199254740993'],
    ['decimal', '12.340', '12.340'],
    ['float', '1e+20', 1e20],
    ['float', 'NaN', 'NaN'],
    ['float', '-Infinity', '-Infinity'],
    ['boolean', 't', true],
    ['boolean', 'f', false],
    ['text', '', ''],
    ['text', null, null],
    ['text', 'null', 'null'],
    ['text', 'a"b\\c\n\t\u0001 é 😀 </script>', 'a"b\\c\n\t\u0001 é 😀 </script>'],
    ['json', '{"a": 1.0}', '{"a": 1.0}'],
    ['other', '{1,2}', '{1,2}'],
  ])('%s %s is %s', (kind, text, expected) => {
    expect(written(kind, [text])).toEqual([expected]);
  });

  it('grow with the rows', () => {
    const cells = Array.from({ length: 5000 }, (_, index) => `row ${String(index)} \u0002`);
    expect(written('text', cells)).toEqual(cells);
  });

  it('are no rows at all when none came', () => {
    expect(written('text', [])).toEqual([]);
  });
});

it('are what they say of themselves where cells have types of their own', () => {
  const sink = new JsonRows();
  sink.columns([column('integer')]);
  const kinds: ValueKind[] = ['integer', 'text', 'float'];
  for (const [at, cell] of ['7', '7 apples', '7.5'].entries()) {
    sink.row({ ...row([cell]), kind: () => kinds[at] ?? 'text' });
  }
  expect(sink.rows()).toEqual([[7], ['7 apples'], [7.5]]);
});

describe('cells that were cut', () => {
  it('end at a whole character and are listed with their size', () => {
    const sink = new JsonRows();
    sink.columns([column('text'), column('text')]);
    sink.row(row(['aé', 'x'], 2));
    sink.row(row(['😀😀', 'yyy'], 6));
    expect(sink.rows()).toEqual([
      ['a', 'x'],
      ['😀', 'yyy'],
    ]);
    expect(sink.cut).toEqual([
      { row: 0, column: 0, size: 3 },
      { row: 1, column: 0, size: 8 },
    ]);
  });

  it('are never taken for numbers', () => {
    const sink = new JsonRows();
    sink.columns([column('integer')]);
    sink.row(row(['12345'], 3));
    expect(sink.rows()).toEqual([['123']]);
  });
});
