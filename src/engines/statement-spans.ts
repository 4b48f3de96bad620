import type { Lexis } from './lexis.js';
import { tokensOf } from './tokens.js';

/** A statement's place in its text, without the semicolon behind it and the comments before it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where the statements of a text are, by semicolons alone: for showing, while the grammar has not spoken. */
export function statementSpans(text: string, lexis: Lexis): Span[] {
  const spans: Span[] = [];
  let from = -1;
  let to = 0;
  for (const token of tokensOf(text, lexis)) {
    if (token.kind === 'comment') continue;
    if (token.kind === 'mark' && text[token.from] === ';') {
      if (from >= 0) spans.push({ from, to });
      from = -1;
    } else {
      if (from < 0) from = token.from;
      to = token.to;
    }
  }
  if (from >= 0) spans.push({ from, to });
  return spans;
}

/**
 * The statement that somebody at a place means: the one they are in, else the nearest one, where a blank line keeps
 * what follows away. `slice` gives a piece of the text.
 */
export function statementAt(
  spans: readonly Span[],
  at: number,
  slice: (from: number, to: number) => string,
): Span | null {
  const around = spans.find(({ from, to }) => from <= at && at <= to);
  if (around !== undefined) return around;
  const before = spans.findLast(({ to }) => to < at);
  const after = spans.find(({ from }) => from > at);
  if (before === undefined || after === undefined) return before ?? after ?? null;
  const sameLine = !slice(before.to, at).includes('\n');
  return sameLine || /\n\s*\n/.test(slice(at, after.from)) ? before : after;
}
