import type { TableUse } from '../../engine.js';
import { explained, mainOfWith } from './statements.js';
import { afterBrackets, isNameLike, isSymbol, objectOf, wordAt, type Tokens } from './tokens.js';

interface Reference {
  readonly use: TableUse;
  /** One past its last token. */
  readonly end: number;
}

/** Functions that have a FROM of their own inside of their brackets. */
const FROM_INSIDE: ReadonlySet<string> = new Set([
  'extract',
  'trim',
  'trim_oracle',
  'substring',
  'substr',
  'mid',
]);

const BEGINS_LIST: ReadonlySet<string> = new Set(['from', 'join', 'straight_join', 'using']);

/** Words that end a list of tables. */
const ENDS_LIST: ReadonlySet<string> = new Set(
  'where group having order limit window union except intersect set select values for procedure returning'.split(
    ' ',
  ),
);

/** Verbs of what EXPLAIN explains; else it describes a table. */
const VERBS: ReadonlySet<string> = new Set(
  'select values table with insert replace update delete'.split(' '),
);

/** Words that may stand between a verb and the table it writes. */
const BEFORE_TARGET: ReadonlySet<string> = new Set(
  'low_priority high_priority delayed ignore quick into table tables if not exists view sequence'.split(' '),
);

/** The tables of a statement and what is done to them, without the names that WITH gives. */
export function tablesOf(tokens: Tokens): TableUse[] {
  const explains = ['explain', 'describe', 'desc', 'analyze'].includes(wordAt(tokens, 0));
  const inner = explains ? tokens.slice(explained(tokens).at) : tokens;
  const common = commonNames(inner);
  const found = new Map<string, TableUse>();
  for (const use of usesOf(inner, explains)) {
    if (use.schema === undefined && common.has(use.name)) continue;
    const key = `${use.schema ?? ''}.${use.name}`;
    if (found.get(key)?.use !== 'write') found.set(key, use);
  }
  return [...found.values()];
}

function* usesOf(tokens: Tokens, explained: boolean): Generator<TableUse> {
  const verb = wordAt(tokens, 0);
  if (verb === 'show') return;
  const main = verb === 'with' ? tokens.slice(Math.max(0, mainOfWith(tokens))) : tokens;
  if (explained && !VERBS.has(wordAt(main, 0)) && !isSymbol(main[0], '(')) {
    const named = referenceAt(main, 0, 'read');
    if (named !== null) yield named.use;
    return;
  }
  yield* targetsOf(main);
  yield* sourcesOf(tokens, ['update', 'delete'].includes(wordAt(main, 0)) ? 'write' : 'read');
}

function commonNames(tokens: Tokens): Set<string> {
  const names = new Set<string>();
  if (!tokens.some((_, at) => wordAt(tokens, at) === 'with')) return names;
  for (const [at, token] of tokens.entries()) {
    if (!isNameLike(token)) continue;
    const next = isSymbol(tokens[at + 1], '(') ? afterBrackets(tokens, at + 1) : at + 1;
    if (wordAt(tokens, next) === 'as' && isSymbol(tokens[next + 1], '(')) names.add(token.text);
  }
  return names;
}

/**
 * What follows FROM and JOIN, and the commas behind it, at every depth of brackets. UPDATE and DELETE name their tables
 * as a query does; which of several they change is not told apart.
 */
function* sourcesOf(tokens: Tokens, outside: TableUse['use']): Generator<TableUse> {
  /** By depth of brackets: whether a list of tables is being read there. */
  const lists = [false];
  let expected = false;
  for (let at = 0; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], '(')) lists.push(expected);
    else if (isSymbol(tokens[at], ')')) {
      lists.pop();
      expected = false;
    } else {
      const found = expected ? referenceAt(tokens, at, lists.length === 1 ? outside : 'read') : null;
      if (found !== null) {
        yield found.use;
        at = found.end - 1;
      }
      expected = opensList(tokens, at, lists);
    }
  }
}

/** Whether a table is expected behind the token; keeps `lists` up to date. */
function opensList(tokens: Tokens, at: number, lists: boolean[]): boolean {
  const word = wordAt(tokens, at);
  const depth = lists.length - 1;
  if (ENDS_LIST.has(word)) lists[depth] = false;
  const begins = BEGINS_LIST.has(word) && !isInsideFunction(tokens, at) && !isColumnList(tokens, at);
  if (begins) lists[depth] = true;
  return begins || word === 'lateral' || (isSymbol(tokens[at], ',') && lists[depth] === true);
}

/** JOIN … USING (a, b), where DELETE has USING before tables. */
function isColumnList(tokens: Tokens, at: number): boolean {
  return wordAt(tokens, at) === 'using' && isSymbol(tokens[at + 1], '(');
}

/** EXTRACT(YEAR FROM x): the bracket around this place belongs to such a function. */
function isInsideFunction(tokens: Tokens, from: number): boolean {
  let depth = 0;
  for (let at = from; at > 0; at -= 1) {
    if (isSymbol(tokens[at], ')')) depth += 1;
    if (isSymbol(tokens[at], '(')) {
      if (depth === 0) return FROM_INSIDE.has(wordAt(tokens, at - 1));
      depth -= 1;
    }
  }
  return false;
}

/** The tables that a verb names itself. */
function* targetsOf(tokens: Tokens): Generator<TableUse> {
  const at = targetAt(tokens);
  if (at < 0) return;
  const use = wordAt(tokens, 0) === 'table' ? 'read' : 'write';
  let found = referenceAt(tokens, at, use);
  while (found !== null) {
    yield found.use;
    const separated = isSymbol(tokens[found.end], ',') || wordAt(tokens, found.end) === 'to';
    found = separated && listsTargets(tokens) ? referenceAt(tokens, found.end + 1, use) : null;
  }
  if (wordAt(tokens, 0) === 'create') yield* likeOf(tokens);
}

function listsTargets(tokens: Tokens): boolean {
  return [
    'drop',
    'rename',
    'update',
    'delete',
    'analyze',
    'optimize',
    'check',
    'repair',
    'checksum',
  ].includes(wordAt(tokens, 0));
}

function targetAt(tokens: Tokens): number {
  const verb = wordAt(tokens, 0);
  if (['create', 'alter', 'drop', 'rename'].includes(verb)) return definedAt(tokens);
  const direct = [
    'table',
    'insert',
    'replace',
    'update',
    'delete',
    'truncate',
    'optimize',
    'check',
    'repair',
    'checksum',
    'analyze',
  ];
  if (!direct.includes(verb)) return -1;
  const at = skipWords(tokens, 1);
  return verb === 'delete' && wordAt(tokens, at) === 'from' ? skipWords(tokens, at + 1) : at;
}

function definedAt(tokens: Tokens): number {
  const found = objectOf(tokens);
  if (found === null) return -1;
  if (['table', 'tables', 'view', 'sequence'].includes(found.object)) return skipWords(tokens, found.at);
  if (found.object !== 'index' && found.object !== 'trigger') return -1;
  const on = tokens.findIndex((_, at) => at > found.at && wordAt(tokens, at) === 'on');
  return on < 0 ? -1 : on + 1;
}

function skipWords(tokens: Tokens, from: number): number {
  let at = from;
  while (BEFORE_TARGET.has(wordAt(tokens, at))) at += 1;
  return at;
}

/** CREATE TABLE a LIKE b. */
function* likeOf(tokens: Tokens): Generator<TableUse> {
  const like = tokens.findIndex((_, at) => wordAt(tokens, at) === 'like');
  const found =
    like < 0 || objectOf(tokens)?.object !== 'table' ? null : referenceAt(tokens, like + 1, 'read');
  if (found !== null) yield found.use;
}

/** `table` or `schema.table`; null where something else stands: a keyword, a function that makes rows. */
function referenceAt(tokens: Tokens, at: number, use: 'read' | 'write'): Reference | null {
  const first = tokens[at];
  if (!isNameLike(first) || ENDS_LIST.has(wordAt(tokens, at)) || wordAt(tokens, at) === 'dual') return null;
  const second = tokens[at + 2];
  if (isSymbol(tokens[at + 1], '.') && isNameLike(second)) {
    return { use: { schema: first.text, name: second.text, use }, end: at + 3 };
  }
  if (isSymbol(tokens[at + 1], '(') && wordAt(tokens, at) === 'json_table') return null;
  return { use: { name: first.text, use }, end: at + 1 };
}
