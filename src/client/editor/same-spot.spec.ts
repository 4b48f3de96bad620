import { sameSpot } from './same-spot.js';

it.each([
  ['se|lect a,b from t', 'select\n  a,\n  b\nfrom\n  t', 'se|lect\n  a,\n  b\nfrom\n  t'],
  ['select a,b |from t', 'select\n  a,\n  b\nfrom\n  t', 'select\n  a,\n  b\n|from\n  t'],
  ['select a,b| from t', 'select\n  a,\n  b\nfrom\n  t', 'select\n  a,\n  b|\nfrom\n  t'],
  ['|select 1', 'select\n  1', '|select\n  1'],
  ['select 1|', 'select\n  1', 'select\n  1|'],
  ['select  1  |', 'select\n  1', 'select\n  1|'],
])('keeps the cursor of %j where it was', (marked, after, expected) => {
  const at = marked.indexOf('|');
  const spot = sameSpot(marked.replace('|', ''), after, at);
  expect(`${after.slice(0, spot)}|${after.slice(spot)}`).toBe(expected);
});
