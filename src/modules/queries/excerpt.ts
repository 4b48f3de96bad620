/** The line of a statement that an error points at. */
export interface Excerpt {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly before: string;
  /** The word at the position; a single space at the very end of the text. */
  readonly marked: string;
  readonly after: string;
}

const SHOWN_BEFORE = 80;
const SHOWN_AFTER = 120;

/** Cuts out the line around a UTF-16 offset, at most some 200 characters of it. */
export function excerptOf(statement: string, position: number): Excerpt {
  const at = Math.min(Math.max(position, 0), statement.length);
  const lineStart = statement.lastIndexOf('\n', at - 1) + 1;
  const lineBreak = statement.indexOf('\n', at);
  const lineEnd = lineBreak === -1 ? statement.length : lineBreak;
  const word = /^(?:[\p{L}\p{N}_$]+|[^\s])/u.exec(statement.slice(at, lineEnd))?.[0] ?? '';
  const before = statement.slice(lineStart, at);
  const after = statement.slice(at + word.length, lineEnd);
  return {
    line: statement.slice(0, lineStart).split('\n').length,
    column: at - lineStart + 1,
    before: before.length > SHOWN_BEFORE ? `…${before.slice(-SHOWN_BEFORE)}` : before,
    marked: word === '' ? ' ' : word,
    after: after.length > SHOWN_AFTER ? `${after.slice(0, SHOWN_AFTER)}…` : after,
  };
}
