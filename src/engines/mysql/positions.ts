import { Lexer, LexicalError } from './analysis/lexer.js';

const SYNTAX = 1064;
const NEAR = /near '([\s\S]*)' at line (\d+)$/;
/** Errors that name what they do not know: a column, a table, a function. */
const NAMED: ReadonlySet<number> = new Set([1051, 1052, 1054, 1109, 1146, 1176, 1305, 1630, 4161]);

/** Where in the statement an error is, from what its message says; null when it says nothing of the kind. */
export function findPosition(number: number, message: string, statement: string): number | null {
  if (number === SYNTAX) return positionOfNear(message, statement);
  return NAMED.has(number) ? positionOfName(message, statement) : null;
}

/** The message ends with the text that could not be read, to the end of the statement or cut, and its line. */
function positionOfNear(message: string, statement: string): number | null {
  const [, near, line] = NEAR.exec(message) ?? [];
  if (near === undefined) return null;
  if (near === '') return statement.length;
  if (statement.endsWith(near)) return statement.length - near.length;
  const found = statement.indexOf(near, startOfLine(statement, Number(line)));
  return found < 0 ? null : found;
}

function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let count = 1; count < line; count += 1) {
    const end = text.indexOf('\n', at);
    if (end < 0) return at;
    at = end + 1;
  }
  return at;
}

/** The first quoted name of the message, looked for among the names of the statement. */
function positionOfName(message: string, statement: string): number | null {
  const [, quoted = ''] =
    /['`]([^'`]+)['`]/.exec(message) ?? /(?:FUNCTION|PROCEDURE) (\S+)/.exec(message) ?? [];
  const name = quoted.split('.').at(-1)?.toLowerCase();
  const lexer = new Lexer(statement);
  try {
    for (let token = lexer.next(); token !== null; token = lexer.next()) {
      if (token.kind !== 'string' && token.text.toLowerCase() === name) return token.start;
    }
  } catch (error) {
    if (!(error instanceof LexicalError)) throw error;
  }
  return null;
}
