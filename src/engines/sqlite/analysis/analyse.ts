import { LRUCache } from 'lru-cache';
import type { Analysis, EngineProblem, Finding, Statement } from '../../engine.js';
import { isOperator, isWord, LexicalError, tokenize, type Token } from './lexer.js';
import { splitStatements } from './split.js';
import { actOf, judge, type Act } from './statements.js';
import { tablesOf } from './tables.js';

const MAX_LENGTH = 500_000;
const MAX_DEPTH = 200;
const CACHED_LENGTH = 4_000_000;

const cache = new LRUCache<string, Analysis>({
  maxSize: CACHED_LENGTH,
  sizeCalculation: (_, text) => text.length + 100,
});

/** Splits and classifies a text by SQLite's own rules for tokens. What cannot be read is an error, never a guess. */
export function analyse(text: string): Analysis {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const analysis = analyseNow(text);
  cache.set(text, analysis);
  return analysis;
}

function analyseNow(text: string): Analysis {
  if (text.length > MAX_LENGTH) return failed('too_long', 'The text is too long to be analysed.', null);
  const nul = text.indexOf('\0');
  if (nul >= 0) return failed('nul_character', 'The text contains a NUL character.', nul);
  try {
    const statements = splitStatements(tokenize(text)).map((tokens) => statementOf(text, tokens));
    return { statements, error: null };
  } catch (error) {
    if (error instanceof LexicalError) return failed('syntax_error', error.message, error.position);
    throw error;
  }
}

function statementOf(text: string, tokens: readonly Token[]): Statement {
  refuseStrange(tokens);
  const start = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? start;
  const act = actOf(tokens);
  const { class: statementClass, reason } = judge(tokens);
  const where = hasWhere(act);
  return {
    text: text.slice(start, end),
    start,
    end,
    class: statementClass,
    verb: act.explained ? 'explain' : act.verb,
    tables: tablesOf(tokens),
    hasWhere: where,
    findings: act.explained ? [] : findingsOf(act, where),
    reason,
    transactional: act.verb !== 'vacuum',
  };
}

/** Brackets that do not match, and values that nobody gave: SQLite would take NULL for them without a word. */
function refuseStrange(tokens: readonly Token[]): void {
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.kind === 'parameter')
      throw new LexicalError(`There is no value for ${token.text}.`, token.start);
    if (isOperator(token, '(')) open.push(token);
    else if (isOperator(token, ')') && open.pop() === undefined) {
      throw new LexicalError('near ")": there is no bracket that it closes.', token.start);
    }
    if (open.length > MAX_DEPTH) throw new LexicalError('The text is too deeply nested.', token.start);
  }
  const [left] = open;
  if (left !== undefined) throw new LexicalError('The bracket is not closed.', left.start);
}

function hasWhere({ verb, tokens }: Act): boolean | null {
  if (verb !== 'update' && verb !== 'delete' && verb !== 'select') return null;
  const words = topLevel(tokens);
  if (verb === 'select' && !words.some((token) => isWord(token, 'from'))) return null;
  return words.some((token) => isWord(token, 'where'));
}

function topLevel(tokens: readonly Token[]): Token[] {
  let depth = 0;
  return tokens.filter((token) => {
    if (isOperator(token, ')')) depth -= 1;
    const top = depth === 0;
    if (isOperator(token, '(')) depth += 1;
    return top;
  });
}

/** Things worth telling before a statement runs. */
function findingsOf({ verb, tokens }: Act, where: boolean | null): Finding[] {
  if ((verb === 'update' || verb === 'delete') && where === false) {
    const message = `${verb.toUpperCase()} without WHERE concerns every row.`;
    return [{ code: `${verb}_without_where`, severity: 'warning', message }];
  }
  if (verb.startsWith('drop ')) {
    return [{ code: 'drop', severity: 'warning', message: 'DROP cannot be taken back.' }];
  }
  if (verb === 'select' && where !== null && isOperator(tokens[1], '*')) {
    const message = 'SELECT * reads every column, also those added later.';
    return [{ code: 'select_star', severity: 'info', message }];
  }
  return [];
}

function failed(code: string, message: string, position: number | null): Analysis {
  const error: EngineProblem = { code, message, position, hint: null, detail: null };
  return { statements: [], error };
}
