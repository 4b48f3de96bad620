import { LRUCache } from 'lru-cache';
import type { Analysis, Statement } from '../../engine.js';
import { findingsOf, hasWhere, isTransactional, verbOf } from './facts.js';
import { LexicalError } from './lexer.js';
import { split } from './splitter.js';
import { judge } from './statements.js';
import { tablesOf } from './tables.js';
import type { Tokens } from './tokens.js';

const MAX_LENGTH = 500_000;
const CACHED_LENGTH = 4_000_000;

const cache = new LRUCache<string, Analysis>({
  maxSize: CACHED_LENGTH,
  sizeCalculation: (_, text) => text.length + 100,
});

/**
 * Splits and classifies a text with a lexer that reads it as the server does. It knows no grammar beyond what the class
 * needs: what it does not know is refused, and the server says what is wrong with the rest.
 */
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
    return { statements: split(text).map((tokens) => statementOf(text, tokens)), error: null };
  } catch (error) {
    if (!(error instanceof LexicalError)) throw error;
    return failed(error.code, error.message, error.position);
  }
}

function statementOf(text: string, tokens: Tokens): Statement {
  const start = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? start;
  const { class: statementClass, reason } = judge(tokens);
  return {
    text: text.slice(start, end),
    start,
    end,
    class: statementClass,
    verb: verbOf(tokens),
    tables: tablesOf(tokens),
    hasWhere: hasWhere(tokens),
    findings: findingsOf(tokens),
    reason,
    transactional: isTransactional(tokens),
  };
}

function failed(code: string, message: string, position: number | null): Analysis {
  return { statements: [], error: { code, message, position, hint: null, detail: null } };
}
