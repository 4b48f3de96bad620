import type { TableUse } from '../../engine.js';
import { isName, isOperator, isWord, type Token } from './lexer.js';

type Use = TableUse['use'];

/** Words behind which a comma no longer separates tables. */
const ENDS_FROM = [
  'where',
  'group',
  'having',
  'window',
  'order',
  'limit',
  'union',
  'except',
  'intersect',
  'select',
  'set',
  'returning',
  'values',
];

/** The tables that a statement names, each once per use. Names of common table expressions are none. */
export function tablesOf(tokens: readonly Token[]): TableUse[] {
  const found = new Map<string, TableUse>();
  const expressions = expressionNames(tokens);
  for (const [at, use] of placesOf(tokens)) {
    const table = tableAt(tokens, nameAt(tokens, at + 1), use);
    if (table === null || (table.schema === undefined && expressions.has(table.name.toLowerCase()))) continue;
    found.set(`${use} ${table.schema ?? ''}.${table.name}`, table);
  }
  return [...found.values()];
}

/** Where a table may be named next, and what is done with it. */
function* placesOf(tokens: readonly Token[]): Generator<[number, Use]> {
  const inFrom: boolean[] = [];
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isOperator(token, '(')) inFrom[(depth += 1)] = false;
    else if (isOperator(token, ')')) depth = Math.max(0, depth - 1);
    else if (isOperator(token, ',') && inFrom[depth] === true) yield [at, 'read'];
    else if (isWord(token, ...ENDS_FROM)) inFrom[depth] = false;
    const use = useAt(tokens, at);
    if (use === null) continue;
    if (isWord(token, 'from', 'join')) inFrom[depth] = true;
    yield [at, use];
  }
}

type Judge = (tokens: readonly Token[], at: number) => Use | null;

/** Words that a table may follow. `distinct from` compares, and UPDATE is also what a trigger or a key reacts to. */
const USES: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['from', afterFrom],
  ['join', () => 'read'],
  ['in', () => 'read'],
  ['into', () => 'write'],
  ['table', () => 'write'],
  ['view', () => 'write'],
  ['update', (tokens, at) => (isWord(tokens[at - 1], 'on', 'do', 'after', 'before', 'of') ? null : 'write')],
  ['on', (tokens) => (isWord(tokens[0], 'create') && isMade(tokens) ? 'write' : null)],
]);

function useAt(tokens: readonly Token[], at: number): Use | null {
  const token = tokens[at];
  return token?.kind === 'word' ? (USES.get(token.value)?.(tokens, at) ?? null) : null;
}

function afterFrom(tokens: readonly Token[], at: number): Use | null {
  const [earlier, before] = [tokens[at - 2], tokens[at - 1]];
  if (isWord(before, 'delete')) return 'write';
  return isWord(before, 'distinct') && isWord(earlier, 'is', 'not') ? null : 'read';
}

const isMade = (tokens: readonly Token[]): boolean =>
  tokens.slice(1, 3).some((token) => isWord(token, 'index', 'trigger'));

/** Past IF [NOT] EXISTS, and past OR IGNORE of an UPDATE. */
function nameAt(tokens: readonly Token[], at: number): number {
  if (isWord(tokens[at], 'or')) return at + 2;
  if (!isWord(tokens[at], 'if')) return at;
  return at + (isWord(tokens[at + 1], 'not') ? 3 : 2);
}

function tableAt(tokens: readonly Token[], at: number, use: Use): TableUse | null {
  const first = tokens[at];
  if (!isName(first)) return null;
  const qualified = isOperator(tokens[at + 1], '.') ? tokens[at + 2] : undefined;
  const called = isOperator(tokens[at + (qualified === undefined ? 1 : 3)], '(');
  if (called && use === 'read') return null;
  return isName(qualified)
    ? { schema: nameOf(first), name: nameOf(qualified), use }
    : { name: nameOf(first), use };
}

const nameOf = (token: Token): string => (token.kind === 'word' ? token.text : token.value);

function expressionNames(tokens: readonly Token[]): Set<string> {
  const names = new Set<string>();
  if (!tokens.some((token) => isWord(token, 'with'))) return names;
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    const begins = isWord(before, 'with', 'recursive') || isOperator(before, ',');
    if (begins && isName(token) && isExpression(tokens, at + 1)) names.add(token.value.toLowerCase());
  }
  return names;
}

/** `AS [[NOT] MATERIALIZED] (`, perhaps behind the names of columns. */
function isExpression(tokens: readonly Token[], from: number): boolean {
  let at = from;
  if (isOperator(tokens[at], '('))
    at = 1 + tokens.findIndex((token, index) => index > at && isOperator(token, ')'));
  if (at === 0 || !isWord(tokens[at], 'as')) return false;
  at += 1;
  while (isWord(tokens[at], 'not', 'materialized')) at += 1;
  return isOperator(tokens[at], '(');
}
