import type { Word, Words } from './words.js';

/** Something whose columns can be named: a table, a query in FROM or in WITH, what a function gives. */
export interface Relation {
  /** What it is called in the statement: its alias, else the table's name. */
  readonly label: string;
  readonly alias: string | null;
  readonly source: Source;
  readonly from: number;
}

export type Source =
  | { readonly kind: 'table'; readonly schema: string | null; readonly name: string }
  | { readonly kind: 'query'; readonly scopes: readonly Scope[]; readonly names: readonly string[] }
  | { readonly kind: 'function' };

/** One SELECT (or UPDATE, DELETE, INSERT) with what it can see. */
export interface Scope {
  readonly from: number;
  readonly to: number;
  readonly outer: Scope | null;
  readonly relations: Relation[];
  /** Queries in WITH, seen here and inside. */
  readonly named: Relation[];
  /** The words of the select list, one entry an item; what is in parentheses is left out. */
  readonly items: (readonly Word[])[];
}

const AFTER_LIST = new Set(['from', 'into', 'where', 'group', 'having', 'order', 'limit', 'union', 'window']);

/** The items between SELECT and what follows its list. */
export function selectItems({ list, closing }: Words, start: number, end: number): Word[][] {
  const items: Word[][] = [[]];
  for (let number = start; number < end; number += 1) {
    const word = list[number];
    if (word === undefined || AFTER_LIST.has(word.key)) break;
    if (word.key === ',') items.push([]);
    else items.at(-1)?.push(word);
    number = closing.get(number) ?? number;
  }
  return items;
}

/** The innermost query around a place. */
export function scopeAround(scopes: readonly Scope[], at: number): Scope | null {
  let best: Scope | null = null;
  for (const scope of scopes) {
    if (scope.from <= at && at <= scope.to && (best === null || scope.from >= best.from)) best = scope;
  }
  return best;
}

/** Everything that can be named in a scope: its own first, then what is around it. */
export function relationsIn(scope: Scope | null): Relation[] {
  const found: Relation[] = [];
  for (let at = scope; at !== null; at = at.outer) found.push(...at.relations);
  return found;
}

/** The query in WITH that a name means, if one does. */
export function namedQuery(scope: Scope | null, name: string): Relation | undefined {
  for (let at = scope; at !== null; at = at.outer) {
    const found = at.named.find(({ label }) => label.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  return undefined;
}
