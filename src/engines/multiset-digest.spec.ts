import { MultisetDigest } from './multiset-digest.js';

const digestOf = (...texts: string[]): string => {
  const digest = new MultisetDigest();
  for (const text of texts) digest.add(text);
  return digest.hex();
};

it('is the same for the same texts in any order, and another for others or other numbers of them', () => {
  expect(digestOf('a', 'b', 'c')).toBe(digestOf('c', 'a', 'b'));
  expect(digestOf('a', 'b')).toMatch(/^[0-9a-f]{64}$/);
  expect(digestOf('a', 'b')).not.toBe(digestOf('a', 'c'));
  expect(digestOf('a', 'a')).not.toBe(digestOf('a'));
  expect(digestOf('ab')).not.toBe(digestOf('a', 'b'));
  expect(digestOf()).toBe('0'.repeat(64));
});
