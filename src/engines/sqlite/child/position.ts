import type { DatabaseSync } from 'node:sqlite';
import { LexicalError, tokenize, type Token } from '../analysis/lexer.js';

const NEAR = /^near "([\s\S]*)": syntax error$/;
const NAMED =
  /^(?:no such \w+(?: sequence)?|ambiguous column name|unrecognized token|unknown function|misuse of (?:aggregate|window function)|wrong number of arguments to function|table \S+ has no column named):? "?([^"]+?)"?(?:\(\))?$/;
/** Each try compiles a part of the text. */
const MAX_TRIES = 50;

/** Where in the text the error is. SQLite knows, but the runtime does not hand it on. */
export function positionOf(database: DatabaseSync, text: string, message: string): number | null {
  const tokens = tokensOf(text);
  if (message === 'incomplete input') return text.length;
  const near = NEAR.exec(message)?.[1];
  if (near !== undefined)
    return syntaxPosition(
      database,
      text,
      message,
      tokens.filter((token) => token.text === near),
    );
  const name = NAMED.exec(message)?.[1]?.split('.').at(-1)?.toLowerCase();
  return tokens.find((token) => token.value.toLowerCase() === name)?.start ?? null;
}

/** The parser reads from left to right: the error is at the first of these words that fails with all before it. */
function syntaxPosition(
  database: DatabaseSync,
  text: string,
  message: string,
  candidates: readonly Token[],
): number | null {
  if (candidates.length === 1) return candidates[0]?.start ?? null;
  const found = candidates
    .slice(0, MAX_TRIES)
    .find((token) => messageOf(database, text.slice(0, token.end)) === message);
  return found?.start ?? null;
}

function messageOf(database: DatabaseSync, text: string): string | null {
  try {
    database.prepare(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tokensOf(text: string): Token[] {
  try {
    return tokenize(text);
  } catch (error) {
    if (error instanceof LexicalError) return [];
    throw error;
  }
}
