import { difference } from './difference.js';

it.each([
  ['', 'select 1'],
  ['select 1', ''],
  ['select 1', 'select 21'],
  ['select 11', 'select 1'],
  ['aaa', 'aaaa'],
  ['from a', 'from b'],
])('makes %j to %j by replacing one stretch', (before, after) => {
  const change = difference(before, after);
  expect(change).not.toBeNull();
  const { from, to, insert } = change ?? { from: 0, to: 0, insert: '' };
  expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
});

it('touches only what differs', () => {
  expect(difference('select 1 from t', 'select 2 from t')).toEqual({ from: 7, to: 8, insert: '2' });
  expect(difference('select 1', 'select 1')).toBeNull();
});
