import { refused, stricter, verdict, type Verdict } from '../../verdict.js';
import { BOUND_TO_BRACKET, isDenied, NO_FUNCTIONS, READ_FUNCTIONS, SEQUENCE_FUNCTIONS } from './functions.js';
import { afterBrackets, hasWords, isNameLike, isSymbol, wordAt, type Tokens } from './tokens.js';

/** What is refused in every statement: functions that reach beyond the database, hints that lift limits. */
export function judgeAnywhere(tokens: Tokens): Verdict {
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'hint' && /set_var|resource_group/.test(token.text)) {
      return refused('A hint that changes settings is refused: they are kept by the platform.');
    }
    if (isCall(tokens, at) && isDenied(token.text.toLowerCase())) {
      return refused(`The function ${token.text} is not available: it reaches beyond the database.`);
    }
  }
  return verdict('read');
}

/** What the parts of a query make of it, wherever they stand: calls, locks, INTO, variables, sequences. */
export function judgeQuery(tokens: Tokens): Verdict {
  let result = judgeAnywhere(tokens);
  for (let at = 0; at < tokens.length; at += 1) {
    result = stricter(result, judgePart(tokens, at));
    if (isCall(tokens, at)) result = stricter(result, judgeCall(tokens, at));
  }
  return result;
}

/** SHOW names kinds of objects with the words that mean something else in a query. */
export function judgeShow(tokens: Tokens): Verdict {
  return judgeQuery(tokens.filter((token) => token.word !== 'procedure'));
}

/** By the word at which something begins that a read does not do. */
const PARTS: Readonly<Record<string, (tokens: Tokens, at: number) => Verdict>> = {
  into: judgeInto,
  for: (tokens, at) =>
    ['update', 'share'].includes(wordAt(tokens, at + 1)) ? verdict('dml', 'It locks rows.') : verdict('read'),
  lock: () => verdict('dml', 'It locks rows.'),
  procedure: () => verdict('dml', 'It calls a procedure.'),
  next: judgeSequence,
  previous: judgeSequence,
};

function judgePart(tokens: Tokens, at: number): Verdict {
  if (isSymbol(tokens[at], ':=')) return verdict('control', 'It sets a variable of the session.');
  const word = wordAt(tokens, at);
  const part = Object.hasOwn(PARTS, word) ? PARTS[word] : undefined;
  return part?.(tokens, at) ?? verdict('read');
}

function judgeSequence(tokens: Tokens, at: number): Verdict {
  return hasWords(tokens, at + 1, 'value', 'for') ? verdict('dml', 'It uses a sequence.') : verdict('read');
}

function judgeInto(tokens: Tokens, at: number): Verdict {
  return isSymbol(tokens[at + 1], '@')
    ? verdict('control', 'It sets a variable of the session.')
    : refused('SELECT … INTO writes a file or a variable of a routine.');
}

function judgeCall(tokens: Tokens, at: number): Verdict {
  const token = tokens[at];
  if (token === undefined || NO_FUNCTIONS.has(token.word) || isGivenName(tokens, at)) return verdict('read');
  if (SEQUENCE_FUNCTIONS.has(token.word)) return verdict('dml', `${token.word}() moves a sequence.`);
  return isOwnFunction(tokens, at)
    ? verdict('read')
    : verdict('dml', `It calls ${token.text}(), which may change data.`);
}

/** A function of the server: neither quoted nor of a named database, and bound to its bracket where that matters. */
function isOwnFunction(tokens: Tokens, at: number): boolean {
  const word = wordAt(tokens, at);
  if (!READ_FUNCTIONS.has(word) || isSymbol(tokens[at - 1], '.')) return false;
  const gap = tokens[at + 1]?.start !== tokens[at]?.end;
  return !(gap && BOUND_TO_BRACKET.has(word));
}

function isCall(tokens: Tokens, at: number): boolean {
  return isNameLike(tokens[at]) && isSymbol(tokens[at + 1], '(');
}

/** A name with a list of columns: `WITH x (a, b) AS (…)`, `JSON_TABLE(…) AS t (a, b)`. */
function isGivenName(tokens: Tokens, at: number): boolean {
  if (wordAt(tokens, at - 1) === 'as') return true;
  const after = afterBrackets(tokens, at + 1);
  return wordAt(tokens, after) === 'as' && isSymbol(tokens[after + 1], '(');
}
