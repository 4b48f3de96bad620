import { selectItems, type Scope, type Source } from './scope.js';
import { canBeAlias, isName, readNames, readPath, WordReader, type Words } from './words.js';

const QUERY = new Set(['select', 'with', 'values', 'insert', 'update', 'delete', 'table', 'merge']);
const BEFORE_RELATION = new Set(['from', 'join', 'update', 'into', 'using', 'straight_join']);
const SKIPPED = new Set(['only', 'lateral', 'ignore', 'low_priority']);
const SETS = new Set(['union', 'except', 'intersect']);

/** Reads the queries of a statement, nested ones included. It never fails: half a statement gives half a scope. */
export function readScopes(words: Words, length: number): Scope[] {
  const reader = new ScopeReader(words, length);
  reader.query(0, words.list.length, null);
  return reader.scopes;
}

class ScopeReader extends WordReader {
  readonly scopes: Scope[] = [];

  /** A query and those that UNION and its like join to it. */
  query(start: number, end: number, outer: Scope | null): Scope[] {
    const made: Scope[] = [];
    let named: Scope['named'] = [];
    let from = start;
    for (let number = start; number <= end; number += 1) {
      if (number < end && !SETS.has(this.key(number))) {
        number = this.closingOf(number);
        continue;
      }
      const scope = this.scope(from, number, outer, named);
      named = scope.named;
      made.push(scope);
      from = number + 1;
    }
    return made;
  }

  private scope(start: number, end: number, outer: Scope | null, named: Scope['named']): Scope {
    const from = start === 0 ? 0 : (this.at(start - 1)?.to ?? this.length);
    const scope: Scope = { from, to: this.place(end), outer, named, relations: [], items: [] };
    this.scopes.push(scope);
    const first = this.key(start) === 'with' ? this.withQueries(start + 1, end, scope) : start;
    this.scan(first, end, scope);
    return scope;
  }

  private scan(start: number, end: number, scope: Scope): void {
    for (let number = start; number < end; number += 1) {
      const key = this.key(number);
      if (key === '(') number = this.group(number, scope);
      else if (key === 'select') scope.items.push(...selectItems(this.words, number + 1, end));
      else if (this.leadsToRelation(number)) number = this.relations(number + 1, end, scope) - 1;
    }
  }

  /** Not the USING (columns) of a join. */
  private leadsToRelation(number: number): boolean {
    const key = this.key(number);
    return BEFORE_RELATION.has(key) && (key !== 'using' || this.key(number + 1) !== '(');
  }

  /** What is in parentheses; answers the place of the closing one. */
  private group(number: number, scope: Scope): number {
    const close = this.closingOf(number);
    if (this.isQuery(number + 1)) this.query(number + 1, close, scope);
    else this.scan(number + 1, close, scope);
    return close;
  }

  private isQuery(number: number): boolean {
    return QUERY.has(this.key(number));
  }

  private withQueries(start: number, end: number, scope: Scope): number {
    let number = this.key(start) === 'recursive' ? start + 1 : start;
    for (let name = this.at(number); number < end && isName(name); name = this.at(number)) {
      const { names, end: behind } = readNames(this.words, number + 1);
      number = behind;
      while (number < end && this.key(number) !== '(') number += 1;
      const close = this.closingOf(number);
      const source = { kind: 'query', scopes: this.query(number + 1, close, scope), names } as const;
      scope.named.push({ label: name.text, alias: null, source, from: name.from });
      number = close + 1;
      if (this.key(number) === ',') number += 1;
      else break;
    }
    return number;
  }

  /** Tables, queries and functions between commas; answers the place behind them. */
  private relations(start: number, end: number, scope: Scope): number {
    let number = start;
    for (;;) {
      while (SKIPPED.has(this.key(number))) number += 1;
      if (number >= end) return end;
      number = this.key(number) === '(' ? this.derived(number, scope) : this.table(number, scope);
      if (this.key(number) !== ',' || number >= end) return number;
      number += 1;
    }
  }

  private derived(number: number, scope: Scope): number {
    const close = this.closingOf(number);
    if (this.isQuery(number + 1)) {
      const source = { kind: 'query', scopes: this.query(number + 1, close, scope), names: [] } as const;
      return this.aliased(close + 1, { from: this.place(number), name: '', source }, scope);
    }
    this.scan(this.relations(number + 1, close, scope), close, scope);
    return close + 1;
  }

  private table(number: number, scope: Scope): number {
    const { parts, end } = readPath(this.words.list, number);
    const name = parts.at(-1);
    if (name === undefined) return number;
    const found = { from: this.place(number), name };
    const table: Source = { kind: 'table', schema: parts.at(-2) ?? null, name };
    if (this.key(end) !== '(') return this.aliased(end, { ...found, source: table }, scope);
    // INSERT INTO t (columns), and everywhere else a function
    const isTarget = this.key(number - 1) === 'into';
    const behind = this.group(end, scope) + 1;
    return this.aliased(behind, { ...found, source: isTarget ? table : { kind: 'function' } }, scope);
  }

  private aliased(
    number: number,
    found: { from: number; name: string; source: Source },
    scope: Scope,
  ): number {
    const at = this.key(number) === 'as' ? number + 1 : number;
    const word = this.at(at);
    const alias = canBeAlias(word) ? word.text : null;
    const { names, end } = alias === null ? { names: [], end: number } : readNames(this.words, at + 1);
    const source =
      found.source.kind === 'query' && names.length > 0 ? { ...found.source, names } : found.source;
    const label = alias ?? found.name;
    if (label !== '') scope.relations.push({ label, alias, source, from: found.from });
    return end;
  }
}
