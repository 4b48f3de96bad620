import { lexisOf } from './lexis.js';
import { parameterNames, replaceParameters } from './parameters.js';

const lexis = lexisOf('postgres') ?? fail();

function fail(): never {
  throw new Error('There is no lexis for PostgreSQL.');
}

it('names each parameter once, in their order', () => {
  expect(parameterNames('select :b, :a, :b, x::int', lexis)).toEqual(['b', 'a']);
  expect(parameterNames('select 1', lexis)).toEqual([]);
});

it('finds the way back from every place of the replaced text', () => {
  const text = `select :long_name, 'x', :b from t -- :c`;
  const { text: replaced, toOriginal } = replaceParameters(text, lexis, (name) =>
    name === 'b' ? '$22222' : '$1',
  );
  expect(replaced).toBe(`select $1, 'x', $22222 from t -- :c`);
  for (const word of ['select', ', ', `'x'`, 'from', '-- :c'])
    expect(toOriginal(replaced.indexOf(word))).toBe(text.indexOf(word));
  expect(toOriginal(replaced.indexOf('$22222') + 3)).toBe(text.indexOf(':b'));
  expect(toOriginal(replaced.length)).toBe(text.length);
});
