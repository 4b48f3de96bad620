import { loadGrammar } from '../analysis/analyse.js';
import { READ_FIXTURES } from './review-reads.fixtures.js';
import { CHANGE_FIXTURES } from './review.fixtures.js';
import { POSTGRES_RULES, review } from './review.js';

const FIXTURES = { ...CHANGE_FIXTURES, ...READ_FIXTURES };

beforeAll(loadGrammar);

const codesOf = (text: string): string[] => review(text).map(({ code }) => code);

it('has a statement to find and one to leave alone for every rule, and at least sixty rules', () => {
  const codes = POSTGRES_RULES.map(({ code }) => code);
  expect([...codes].sort()).toEqual(Object.keys(FIXTURES).sort());
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.length).toBeGreaterThanOrEqual(60);
});

describe.each(Object.entries(FIXTURES))('%s', (code, [bad, good]) => {
  it.each(bad)('finds it in %s', (text) => {
    expect(codesOf(text)).toContain(code);
  });

  it.each(good)('leaves %s alone', (text) => {
    expect(codesOf(text)).not.toContain(code);
  });
});

it('says so when a rule cannot judge, instead of taking the statement for harmless', () => {
  expect(codesOf('select 1')).toEqual([]);
  expect(codesOf('create table t (id bigint primary key)')).not.toContain('rule_failed');
});
