import type { Lexis } from '../../../engines/lexis.js';
import { tokensOf, type Token } from '../../../engines/tokens.js';
import { isName, type Word, type Words } from './words.js';

/** What may stand at the cursor. */
export type Place =
  | { readonly kind: 'start' | 'condition' | 'expression' | 'operator' | 'type' }
  | { readonly kind: 'relation'; readonly join: Word | null }
  | { readonly kind: 'member'; readonly path: readonly string[] }
  /** The columns in INSERT INTO t (…), with those that stand there already. */
  | { readonly kind: 'target'; readonly path: readonly string[]; readonly named: readonly string[] };

const RELATION = new Set(
  'from join straight_join update into using table references truncate describe desc view'.split(' '),
);
const BEFORE_RELATION = new Set('only lateral table exists ignore ('.split(' '));
const EXPRESSION = new Set(
  (
    'select where on having by set and or not when then else case returning values limit offset distinct between ' +
    'like ilike in is all any some filter over partition check default as end'
  ).split(' '),
);

/** Nothing is proposed inside of strings, comments, numbers and parameters. */
export function isSilent(text: string, at: number, lexis: Lexis): boolean {
  for (const token of tokensOf(text, lexis)) {
    if (token.from >= at) return false;
    if (at <= token.to && silences(token, text, at)) return true;
  }
  return false;
}

function silences({ kind, from, to, open }: Token, text: string, at: number): boolean {
  if (kind === 'number' || kind === 'parameter') return true;
  if (kind !== 'string' && kind !== 'comment') return false;
  // The end of a comment's line still belongs to the comment.
  return open || at < to || (kind === 'comment' && !text.startsWith('/*', from));
}

/** The word that the cursor is in or right behind. */
export function wordAt({ list }: Words, at: number): Word | undefined {
  return list.find((word) => isName(word) && word.from < at && at <= word.to);
}

/** `end` is where the word at the cursor begins. */
export function placeAt({ list, closing }: Words, end: number): Place {
  const last = list.findLastIndex(({ to }) => to <= end);
  const previous = list[last];
  if (previous === undefined || previous.key === ';') return { kind: 'start' };
  if (previous.key === '.') return { kind: 'member', path: pathBefore(list, last) };
  if (previous.key === ':' && list[last - 1]?.key === ':') return { kind: 'type' };
  return clausePlace(list, last, openings(closing));
}

function clausePlace(list: readonly Word[], last: number, opening: ReadonlyMap<number, number>): Place {
  for (let at = last; at >= 0; at -= 1) {
    const key = list[at]?.key ?? '';
    if (key === ')') at = opening.get(at) ?? at;
    else if (key === '(' && isTarget(list, at)) return target(list, at, last);
    else if (RELATION.has(key)) return relationPlace(list, at, list[last]);
    else if (EXPRESSION.has(key)) return expressionPlace(list, last);
  }
  return { kind: 'operator' };
}

function expressionPlace(list: readonly Word[], last: number): Place {
  if (list[last]?.key === 'on') return { kind: 'condition' };
  return { kind: isOperand(list, last) ? 'operator' : 'expression' };
}

function relationPlace(list: readonly Word[], at: number, previous: Word | undefined): Place {
  const clause = list[at];
  const key = previous?.key ?? '';
  if (key === 'column') return { kind: 'expression' };
  const expected = previous === clause || key === ',' || BEFORE_RELATION.has(key);
  if (!expected) return { kind: 'operator' };
  return { kind: 'relation', join: clause?.key === 'join' ? clause : null };
}

/** Names, values and closed parentheses are followed by operators and keywords, everything else by a value. */
function isOperand(list: readonly Word[], last: number): boolean {
  const { kind, key } = list[last] ?? { kind: 'mark', key: '' };
  if (key === '*') return !isName(list[last - 1]) || list[last - 1]?.key === 'select';
  if (kind === 'mark') return key === ')' || key === ']';
  return !EXPRESSION.has(key);
}

/** `into schema.table (` */
function isTarget(list: readonly Word[], opening: number): boolean {
  let at = opening - 1;
  while (isName(list[at]) && list[at - 1]?.key === '.') at -= 2;
  return isName(list[at]) && list[at - 1]?.key === 'into';
}

function target(list: readonly Word[], opening: number, last: number): Place {
  const named = list.slice(opening + 1, last + 1).filter(isName);
  return { kind: 'target', path: pathBefore(list, opening), named: named.map(({ text }) => text) };
}

/** The names and dots in front of a place. */
function pathBefore(list: readonly Word[], end: number): string[] {
  const path: string[] = [];
  let at = end - 1;
  for (let word = list[at]; isName(word); word = list[at]) {
    path.unshift(word.text);
    if (list[at - 1]?.key !== '.') break;
    at -= 2;
  }
  return path;
}

function openings(closing: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...closing].map(([opening, close]) => [close, opening]));
}
