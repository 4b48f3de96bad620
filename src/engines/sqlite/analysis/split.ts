import { isOperator, isWord, type Token } from './lexer.js';

/** Statements by their tokens, without the semicolons between them. */
export function splitStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [];
  let current: Token[] = [];
  for (const token of tokens) {
    if (!isOperator(token, ';') || insideTrigger(current)) {
      current.push(token);
      continue;
    }
    if (current.length > 0) statements.push(current);
    current = [];
  }
  if (current.length > 0) statements.push(current);
  return statements;
}

/** The statements in a trigger end with semicolons of their own: only the one behind `; END` ends the whole. */
function insideTrigger(tokens: readonly Token[]): boolean {
  if (!createsTrigger(tokens)) return false;
  return !(isWord(tokens.at(-1), 'end') && isOperator(tokens.at(-2), ';'));
}

function createsTrigger(tokens: readonly Token[]): boolean {
  let at = 0;
  if (isWord(tokens[at], 'explain')) at += isWord(tokens[at + 1], 'query') ? 3 : 1;
  if (!isWord(tokens[at], 'create')) return false;
  at += isWord(tokens[at + 1], 'temp', 'temporary') ? 2 : 1;
  return isWord(tokens[at], 'trigger');
}
