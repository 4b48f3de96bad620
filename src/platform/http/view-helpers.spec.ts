import { Assets } from './assets.js';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatExact,
  formatRelative,
  viewHelpers,
  type ShownCell,
} from './view-helpers.js';

const NOW = '2026-11-24T09:30:00.000Z';
const helpers = viewHelpers(new Assets({}), new Map());
const cells = (row: readonly ShownCell[], kinds: readonly string[], href: string | null = null) =>
  String(
    helpers['cells']?.(
      { record: 7, cells: row },
      kinds.map((kind) => ({ kind })),
      href,
    ),
  );

describe('What pages show of numbers and times', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 kB'],
    [19_398_656, '18.5 MB'],
    [214_748_364_800, '200 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0.42, '0.4 ms'],
    [41.3, '41 ms'],
    [1240, '1.24 s'],
    [30_000, '30 s'],
    [125_000, '2 min 5 s'],
    [7_500_000, '2 h 5 min'],
  ])('%d milliseconds are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    ['2026-11-24T09:29:30.000Z', 'just now'],
    ['2026-11-24T09:18:00.000Z', '12 min ago'],
    ['2026-11-23T08:00:00.000Z', '1 d ago'],
    ['2026-08-01T00:00:00.000Z', '2026-08-01'],
    ['2026-11-24T09:30:20.000Z', 'in less than 1 min'],
    ['2026-12-24T09:29:59.000Z', 'in 30 d'],
  ])('%s is %s', (at, text) => {
    expect(formatRelative(at, NOW)).toBe(text);
  });

  it('counts things in words and shows moments to the second', () => {
    expect(formatCount(1, 'row')).toBe('1 row');
    expect(formatCount(1000, 'row')).toBe('1,000 rows');
    expect(formatCount(2, 'copy', 'copies')).toBe('2 copies');
    expect(formatExact('2026-11-24T09:30:00.123Z')).toBe('2026-11-24 09:30:00 UTC');
  });
});

describe('Cells of a result', () => {
  it('tell NULL from an empty text and put numbers at the right', () => {
    expect(cells([null, '', 7, '1.50'], ['text', 'text', 'integer', 'decimal'])).toBe(
      '<td class="null">NULL</td><td></td><td class="num">7</td><td class="num">1.50</td>',
    );
  });

  it('show markup as text', () => {
    expect(cells(['<b>"&'], ['text'])).toBe('<td>&lt;b&gt;&quot;&amp;</td>');
    expect(cells([{ text: '<b>', more: '2 kB' }], ['text'])).toContain('&lt;b&gt;<small>2 kB</small>');
  });

  it('lead to the whole value where there is more of it and it is kept', () => {
    expect(cells([{ text: 'long…', more: '2 kB' }], ['text'], '/results/1')).toBe(
      '<td class="part">long…<a class="more" href="/results/1/cells/7/0">2 kB</a></td>',
    );
  });
});
