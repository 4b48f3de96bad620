import { linkTokenHash, newLinkToken } from './link-token.js';

it('makes tokens of 256 bits that are safe in an address, and never one twice', () => {
  const tokens = Array.from({ length: 10_000 }, () => newLinkToken().token);
  expect(new Set(tokens).size).toBe(10_000);
  expect(tokens.filter((token) => !/^[A-Za-z0-9_-]{43}$/.test(token))).toEqual([]);
  // With 64 possible signs at each place, 10,000 tokens show each of them at the first eight.
  for (let place = 0; place < 8; place += 1)
    expect(new Set(tokens.map((token) => token[place])).size).toBe(64);
});

it('finds a token by its hash, and takes nothing else for one', () => {
  const { token, hash } = newLinkToken();
  expect(linkTokenHash(token)).toEqual(hash);
  expect(hash.toString('utf8')).not.toContain(token);
  for (const other of ['', token.slice(1), `${token}x`, `${token.slice(1)} `, '../'.repeat(15).slice(0, 43)])
    expect(linkTokenHash(other)).toBeUndefined();
});
