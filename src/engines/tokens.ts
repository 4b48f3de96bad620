import type { Lexis } from './lexis.js';

/** `name` is a quoted identifier, `parameter` a `:name`, `mark` a punctuation mark or a part of an operator. */
export type TokenKind = 'word' | 'name' | 'string' | 'number' | 'comment' | 'parameter' | 'mark';

export interface Token {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
  /** A string, name or comment that the text ends within. */
  readonly open: boolean;
}

const WORD = /[\p{L}\p{N}_$]+/uy;
const LETTER = /[\p{L}_]/u;
const NUMBER = /0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const PARAMETER = /:[\p{L}_][\p{L}\p{N}_]*/uy;
const DOLLAR_TAG = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const SPACE = /\s*/y;
/** What may not stand right before a parameter: `a::int`, `label:begin`, `"x":y`. */
const BEFORE_COLON = /[\p{L}\p{N}_$:"'`\])]/u;

/** Splits a text into its tokens; white space lies between them. Everything has a place, whatever is wrong with it. */
export function* tokensOf(text: string, lexis: Lexis, start = 0): Generator<Token> {
  let brackets = 0;
  for (let at = skip(SPACE, text, start); at < text.length;) {
    const token = readToken(text, at, lexis, brackets > 0);
    const mark = token.kind === 'mark' ? text[at] : '';
    if (mark === '[') brackets += 1;
    else if (mark === ']' && brackets > 0) brackets -= 1;
    else if (mark === ';') brackets = 0;
    yield token;
    at = skip(SPACE, text, token.to);
  }
}

function readToken(text: string, at: number, lexis: Lexis, inBrackets: boolean): Token {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return (
    readComment(text, at, lexis) ??
    readQuoted(text, at, lexis) ??
    readDollars(text, at, lexis) ??
    readParameter(text, at, inBrackets) ??
    readNumber(text, at) ??
    (LETTER.test(char) ? readWord(text, at, lexis) : token('mark', at, at + char.length))
  );
}

function readComment(text: string, at: number, lexis: Lexis): Token | null {
  if (beginsLineComment(text, at, lexis)) {
    const end = text.indexOf('\n', at);
    return token('comment', at, end < 0 ? text.length : end, end < 0);
  }
  if (!text.startsWith('/*', at)) return null;
  if (!lexis.nestedComments) return upTo(text, at, '*/', 'comment');
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return token('comment', at, marks.lastIndex);
  }
  return token('comment', at, text.length, true);
}

function beginsLineComment(text: string, at: number, lexis: Lexis): boolean {
  if (lexis.hashComments && text[at] === '#') return true;
  return (
    text.startsWith('--', at) && (!lexis.spaceAfterDashes || /^(?:\s|$)/.test(text.slice(at + 2, at + 3)))
  );
}

function readQuoted(text: string, at: number, lexis: Lexis): Token | null {
  const quote = text.charAt(at);
  if (quote === "'") return readString(text, at, quote, lexis.backslashEscapes);
  if (quote === '"' && lexis.doubleQuotedStrings) return readString(text, at, quote, lexis.backslashEscapes);
  if (quote === '"' || (quote !== '' && lexis.nameQuotes.includes(quote)))
    return { ...readString(text, at, quote === '[' ? ']' : quote, false), kind: 'name' };
  return null;
}

/** From an opening quote to the one that closes it; two in a row stand for one. */
function readString(text: string, at: number, quote: string, escapes: boolean): Token {
  let end = at + 1;
  while (end < text.length) {
    const char = text[end];
    if (escapes && char === '\\') end += 2;
    else if (char !== quote) end += 1;
    else if (text[end + 1] === quote) end += 2;
    else return token('string', at, end + 1);
  }
  return token('string', at, text.length, true);
}

function readDollars(text: string, at: number, lexis: Lexis): Token | null {
  if (!lexis.dollarQuotes || text[at] !== '$') return null;
  const end = skip(DOLLAR_TAG, text, at);
  return end === at ? null : upTo(text, at, text.slice(at, end), 'string');
}

function readParameter(text: string, at: number, inBrackets: boolean): Token | null {
  if (text[at] !== ':' || inBrackets || (at > 0 && BEFORE_COLON.test(text.charAt(at - 1)))) return null;
  const end = skip(PARAMETER, text, at);
  return end === at ? null : token('parameter', at, end);
}

function readNumber(text: string, at: number): Token | null {
  const end = skip(NUMBER, text, at);
  return end === at ? null : token('number', at, end);
}

/** Also `E'…'`, whose backslashes count. */
function readWord(text: string, at: number, lexis: Lexis): Token {
  if (lexis.dollarQuotes && /^e'/i.test(text.slice(at, at + 2)))
    return { ...readString(text, at + 1, "'", true), from: at };
  return token('word', at, Math.max(skip(WORD, text, at), at + 1));
}

function upTo(text: string, at: number, closing: string, kind: TokenKind): Token {
  const end = text.indexOf(closing, at + closing.length);
  return end < 0 ? token(kind, at, text.length, true) : token(kind, at, end + closing.length);
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function token(kind: TokenKind, from: number, to: number, open = false): Token {
  return { kind, from, to, open };
}
