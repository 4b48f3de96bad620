import { refused, stricter, verdict, type Verdict } from '../../verdict.js';
import { judgeDefinition } from './definitions.js';
import { judgeAnywhere, judgeQuery, judgeShow } from './expressions.js';
import { judgeSet } from './settings.js';
import { afterBrackets, hasWords, isNameLike, isSymbol, objectOf, wordAt, type Tokens } from './tokens.js';

type Judge = (tokens: Tokens) => Verdict;

const QUERY_VERBS: ReadonlySet<string> = new Set(['select', 'values', 'table']);

const REFUSALS: Readonly<Record<string, string>> = {
  grant: 'Who may reach a database is decided in its access settings.',
  revoke: 'Who may reach a database is decided in its access settings.',
  load: 'LOAD moves files: use import.',
  handler: 'HANDLER reads past views: use SELECT.',
  lock: 'Table locks outlive the statement: use a transaction.',
  unlock: 'Table locks outlive the statement: use a transaction.',
  prepare: 'Prepared statements end with the run: send the statement itself.',
  execute: 'Statements given as text are refused: send the statement itself.',
  deallocate: 'Prepared statements end with the run: send the statement itself.',
  use: 'Choose the database beside the editor; names may be written as database.table.',
  kill: 'Runs are cancelled where they were started.',
  xa: 'Distributed transactions would outlive the run.',
};

const JUDGES: Readonly<Record<string, Judge>> = {
  select: judgeQuery,
  values: judgeQuery,
  table: judgeQuery,
  show: judgeShow,
  with: judgeWith,
  explain: judgeExplain,
  describe: judgeExplain,
  desc: judgeExplain,
  insert: asDml,
  replace: asDml,
  update: asDml,
  delete: asDml,
  truncate: asDml,
  call: (tokens) => asDml(tokens, 'A procedure may change data.'),
  do: (tokens) => asDml(tokens, 'DO may call code that changes data.'),
  create: judgeDefinition,
  alter: judgeDefinition,
  drop: judgeDefinition,
  rename: judgeDefinition,
  analyze: judgeAnalyze,
  optimize: judgeMaintenance,
  check: judgeMaintenance,
  checksum: judgeMaintenance,
  repair: judgeMaintenance,
  begin: (tokens) => whole(tokens, 1, ['work']),
  start: judgeStart,
  commit: judgeEnd,
  rollback: judgeRollback,
  savepoint: () => verdict('control'),
  release: (tokens) =>
    hasWords(tokens, 1, 'savepoint') ? verdict('control') : refused('This statement is not known.'),
  signal: () => verdict('control', 'It raises an error.'),
  set: judgeSet,
};

/** The class of one statement. What is not known here is refused. */
export function judge(tokens: Tokens): Verdict {
  const verb = wordAt(tokens, 0);
  if (tokens.some((token) => isSymbol(token, ';')) && !makesRoutine(tokens)) {
    return refused('Several statements in one are refused.');
  }
  if (isSymbol(tokens[0], '(')) return startsQuery(tokens, 0) ? judgeQuery(tokens) : unknown();
  const own = Object.hasOwn(JUDGES, verb) ? JUDGES[verb] : undefined;
  return own === undefined ? unknown(verb) : own(tokens);
}

/** Where the statement behind WITH begins; -1 when what stands there cannot be read. */
export function mainOfWith(tokens: Tokens): number {
  let at = wordAt(tokens, 1) === 'recursive' ? 2 : 1;
  while (isNameLike(tokens[at])) {
    at += 1;
    if (isSymbol(tokens[at], '(')) at = afterBrackets(tokens, at);
    if (wordAt(tokens, at) !== 'as' || !isSymbol(tokens[at + 1], '(')) return -1;
    at = afterCycle(tokens, afterBrackets(tokens, at + 1));
    if (!isSymbol(tokens[at], ',')) return at;
    at += 1;
  }
  return -1;
}

function afterCycle(tokens: Tokens, at: number): number {
  if (wordAt(tokens, at) !== 'cycle') return at;
  return wordAt(tokens, at + 1) === '' ? afterBrackets(tokens, at + 1) + 1 : at + 3;
}

/** Where EXPLAIN's own words end; the statement or table it is about begins there. */
export function explained(tokens: Tokens): { readonly at: number; readonly runs: boolean } {
  let at = 1;
  let runs = wordAt(tokens, 0) === 'analyze';
  for (;;) {
    const word = wordAt(tokens, at);
    if (word === 'format' && isSymbol(tokens[at + 1], '=')) at += 3;
    else if (['extended', 'partitions', 'analyze'].includes(word)) {
      runs ||= word === 'analyze';
      at += 1;
    } else return { at, runs };
  }
}

/** EXPLAIN runs derived tables in places, so the functions of what it explains count as called. */
function judgeExplain(tokens: Tokens): Verdict {
  const { at, runs } = explained(tokens);
  const inner = tokens.slice(at);
  const verb = wordAt(tokens, at);
  if (verb === 'into' || verb === 'for')
    return refused('EXPLAIN reaches another session or a variable here.');
  if (!startsQuery(inner, 0) && !['with', 'insert', 'replace', 'update', 'delete'].includes(verb)) {
    return isNameLike(tokens[at]) && !runs ? judgeQuery(tokens) : unknown();
  }
  const found = judge(inner);
  if (found.class === 'read' || found.reason !== null) return found;
  const reason = runs
    ? 'EXPLAIN ANALYZE runs what it explains.'
    : 'The plan of a write needs the rights of a write.';
  return verdict(found.class, reason);
}

/** ANALYZE TABLE of both; ANALYZE before a statement is MariaDB's EXPLAIN ANALYZE. */
function judgeAnalyze(tokens: Tokens): Verdict {
  const next = wordAt(tokens, 1);
  const ofTables = ['table', 'tables', 'local', 'no_write_to_binlog'].includes(next);
  return ofTables ? judgeMaintenance(tokens) : judgeExplain(tokens);
}

function judgeWith(tokens: Tokens): Verdict {
  const at = mainOfWith(tokens);
  if (at < 0) return unknown();
  if (startsQuery(tokens, at)) return judgeQuery(tokens);
  return ['insert', 'replace', 'update', 'delete'].includes(wordAt(tokens, at)) ? asDml(tokens) : unknown();
}

function startsQuery(tokens: Tokens, from: number): boolean {
  let at = from;
  while (isSymbol(tokens[at], '(')) at += 1;
  const word = wordAt(tokens, at);
  return QUERY_VERBS.has(word) || (at > from && word === 'with');
}

function asDml(tokens: Tokens, reason: string | null = null): Verdict {
  return stricter(stricter(verdict('dml', reason), judgeAnywhere(tokens)), judgeTargets(tokens));
}

/** `INSERT … SELECT … INTO OUTFILE` and the like do not exist, but a query inside of a write may name a file. */
function judgeTargets(tokens: Tokens): Verdict {
  const toFile = tokens.some((_, at) => ['outfile', 'dumpfile'].includes(wordAt(tokens, at)));
  return toFile ? refused('Statements that write files are refused.') : verdict('read');
}

function judgeMaintenance(tokens: Tokens): Verdict {
  return stricter(verdict('ddl'), judgeAnywhere(tokens));
}

function judgeStart(tokens: Tokens): Verdict {
  const known = ['transaction', 'read', 'only', 'write', 'with', 'consistent', 'snapshot'];
  return wordAt(tokens, 1) === 'transaction' ? whole(tokens, 1, known) : unknown();
}

function judgeEnd(tokens: Tokens): Verdict {
  return whole(tokens, 1, ['work', 'and', 'no', 'chain']);
}

function judgeRollback(tokens: Tokens): Verdict {
  const to = wordAt(tokens, 1) === 'work' ? 2 : 1;
  return wordAt(tokens, to) === 'to' ? verdict('control') : judgeEnd(tokens);
}

/** Control when nothing but the listed words follows: `BEGIN NOT ATOMIC` begins something else altogether. */
function whole(tokens: Tokens, from: number, words: readonly string[]): Verdict {
  const known = tokens.slice(from).every((token) => {
    return words.includes(token.word) || isSymbol(token, ',');
  });
  return known ? verdict('control') : unknown();
}

function makesRoutine(tokens: Tokens): boolean {
  const verb = wordAt(tokens, 0);
  if (verb !== 'create' && verb !== 'alter') return false;
  return ['procedure', 'function', 'trigger', 'event', 'package'].includes(objectOf(tokens)?.object ?? '');
}

function unknown(verb = ''): Verdict {
  const reason = Object.hasOwn(REFUSALS, verb) ? REFUSALS[verb] : undefined;
  return refused(reason ?? 'Statements of this kind concern the server, or are not known, and are refused.');
}
