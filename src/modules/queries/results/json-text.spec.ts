import { prettyJson } from './json-text.js';

it.each([
  ['{"a":1,"b":[true,null,"x"]}', '{\n  "a": 1,\n  "b": [\n    true,\n    null,\n    "x"\n  ]\n}'],
  ['{ "n" : 12345678901234567890.10e400 }', '{\n  "n": 12345678901234567890.10e400\n}'],
  ['{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
  ['{"q":"a\\"b{,}:[]"}', '{\n  "q": "a\\"b{,}:[]"\n}'],
  ['[]', '[]'],
  ['{"e":{},"f":[ ]}', '{\n  "e": {},\n  "f": []\n}'],
  ['"text"', '"text"'],
])('lays %s out without changing a value', (text, expected) => {
  expect(prettyJson(text)).toBe(expected);
});

it('leaves what is no JSON as it is', () => {
  expect(prettyJson('{"a": ')).toBeNull();
  expect(prettyJson('not json')).toBeNull();
});

it('means the same as before', () => {
  const value = { a: [1, { b: 'c' }], d: { e: [[], {}], f: '\n' } };
  expect(JSON.parse(prettyJson(JSON.stringify(value)) ?? '')).toEqual(value);
});
