import { bestMatches } from './search-source.js';

const found = (query: string, limit = 10): string[] =>
  bestMatches(['reshop', 'my_shop', 'shop', 'shopping', 'other'], (text) => text, query, limit);

it('puts whole names before beginnings, beginnings before words, words before the rest', () => {
  expect(found(' SHOP ')).toEqual(['shop', 'shopping', 'my_shop', 'reshop']);
});

it('finds what is there first for an empty query, nothing for a strange one, and no more than asked for', () => {
  expect(found('', 2)).toEqual(['reshop', 'my_shop']);
  expect(found('none')).toEqual([]);
  expect(found('shop', 1)).toEqual(['shop']);
});
