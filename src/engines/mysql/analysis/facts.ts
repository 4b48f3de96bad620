import type { Finding } from '../../engine.js';
import { mainOfWith } from './statements.js';
import { isSymbol, objectOf, outermost, wordAt, type Tokens } from './tokens.js';

/** Modifiers that may stand before the list of a SELECT. */
const SELECT_WORDS: ReadonlySet<string> = new Set(['select', 'all', 'distinct', 'distinctrow']);

/** The leading act in lower case: `select`, `update`, `create table`. */
export function verbOf(tokens: Tokens): string {
  const verb = wordAt(tokens, 0);
  if (verb === '') return 'select'; // a query in brackets
  if (verb === 'with') return verbOf(mainOf(tokens));
  if (verb === 'desc') return 'describe';
  if (verb === 'rollback') return tokens.some((_, at) => wordAt(tokens, at) === 'to') ? 'rollback to' : verb;
  if (!['create', 'alter', 'drop', 'rename'].includes(verb)) return verb;
  return `${verb} ${objectOf(tokens)?.object.replace(/s$/, '') ?? ''}`.trim();
}

/** Whether there is a WHERE; null where the question makes no sense. */
export function hasWhere(tokens: Tokens): boolean | null {
  const main = mainOf(tokens);
  const verb = wordAt(main, 0);
  const words = [...outermost(main)].map((at) => wordAt(main, at));
  const asks = verb === 'update' || verb === 'delete' || (verb === 'select' && words.includes('from'));
  return asks ? words.includes('where') : null;
}

/** False for what ends an open transaction and cannot be part of one. */
export function isTransactional(tokens: Tokens): boolean {
  const verb = wordAt(tokens, 0);
  if (
    ['create', 'drop'].includes(verb) &&
    wordAt(tokens, verb === 'drop' ? 1 : afterReplace(tokens)) === 'temporary'
  ) {
    return true;
  }
  return ![
    'create',
    'alter',
    'drop',
    'rename',
    'truncate',
    'analyze',
    'optimize',
    'check',
    'repair',
  ].includes(verb);
}

/** Things worth telling before a statement runs. */
export function findingsOf(tokens: Tokens): Finding[] {
  const main = mainOf(tokens);
  const verb = wordAt(main, 0);
  const found: Finding[] = [];
  if ((verb === 'update' || verb === 'delete') && hasWhere(main) === false) {
    const message = `${verb.toUpperCase()} without WHERE concerns every row.`;
    found.push({ code: `${verb}_without_where`, severity: 'warning', message });
  }
  if (verb === 'truncate') {
    found.push({ code: 'truncate', severity: 'warning', message: 'TRUNCATE removes every row.' });
  }
  if (verb === 'drop')
    found.push({ code: 'drop', severity: 'warning', message: 'DROP cannot be taken back.' });
  if (verb === 'select' && selectsEverything(main)) {
    const message = 'SELECT * reads every column, also those added later.';
    found.push({ code: 'select_star', severity: 'info', message });
  }
  return found;
}

/** The statement behind WITH, or the whole one. */
function mainOf(tokens: Tokens): Tokens {
  if (wordAt(tokens, 0) !== 'with') return tokens;
  const at = mainOfWith(tokens);
  return at < 0 ? [] : tokens.slice(at);
}

function selectsEverything(tokens: Tokens): boolean {
  const places = [...outermost(tokens)];
  const from = places.find((at) => wordAt(tokens, at) === 'from');
  return places.some((at) => {
    if (from === undefined || at > from || !isSymbol(tokens[at], '*')) return false;
    const before = tokens[at - 1];
    return isSymbol(before, ',') || isSymbol(before, '.') || SELECT_WORDS.has(before?.word ?? '');
  });
}

function afterReplace(tokens: Tokens): number {
  return wordAt(tokens, 1) === 'or' ? 3 : 1;
}
