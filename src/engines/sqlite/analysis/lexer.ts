export type TokenKind = 'word' | 'name' | 'string' | 'blob' | 'number' | 'parameter' | 'operator';

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Words in lower case, names and strings without their quotes. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** A place where SQLite's own tokenizer would stop, or where ours is not sure that both read the same. */
export class LexicalError extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
    this.name = 'LexicalError';
  }
}

const GAP = /(?:[ \t\n\f\r\uFEFF]+|--[^\n]*|\/\*[\s\S]*?\*\/)+/y;

const FORMS: readonly (readonly [TokenKind, RegExp])[] = [
  ['blob', /[xX]'(?:[0-9a-fA-F]{2})*'/y],
  ['word', /[A-Za-z_\u0080-\uFEFE\uFF00-\uFFFF][\w$\u0080-\uFEFE\uFF00-\uFFFF]*/y],
  ['string', /'[^']*(?:''[^']*)*'/y],
  ['name', /"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`|\[[^\]]*\]/y],
  ['number', /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?/y],
  ['parameter', /\?\d*|[@:#$][\w$\u0080-\uFFFF]+/y],
  ['operator', /->>|->|\|\||<<|>>|<=|>=|<>|==|!=|[();,.+\-*/%=<>&|~]/y],
];

/** A comment without an end, and `x'0'`, which is no word and a string but a blob that cannot be read. */
const UNCLOSED = /\/\*|[xX]'(?!(?:[0-9a-fA-F]{2})*')/y;
const AFTER_NUMBER = /[\w$\u0080-\uFFFF]/y;

/** The tokens of a text, comments left out. Throws LexicalError where it is not plain how SQLite would read on. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = afterGap(text, 0); at < text.length; at = afterGap(text, at)) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function matchesAt(form: RegExp, text: string, at: number): boolean {
  form.lastIndex = at;
  return form.test(text);
}

function afterGap(text: string, at: number): number {
  return matchesAt(GAP, text, at) ? GAP.lastIndex : at;
}

function tokenAt(text: string, start: number): Token {
  const [kind, form] = FORMS.find(([, candidate]) => matchesAt(candidate, text, start)) ?? [];
  if (kind === undefined || form === undefined || matchesAt(UNCLOSED, text, start)) {
    throw new LexicalError(problemAt(text.slice(start, start + 2)), start);
  }
  const end = form.lastIndex;
  if (kind === 'number' && matchesAt(AFTER_NUMBER, text, end)) {
    throw new LexicalError(`unrecognized token: "${text.slice(start, end + 1)}"`, start);
  }
  const found = text.slice(start, end);
  return { kind, text: found, value: valueOf(kind, found), start, end };
}

function problemAt(beginning: string): string {
  if (beginning === '/*') return 'The comment has no end.';
  const first = beginning.slice(0, 1);
  if (first === "'") return 'The string has no end.';
  return /["`[]/.test(first) ? 'The quoted name has no end.' : `unrecognized token: "${first}"`;
}

function valueOf(kind: TokenKind, text: string): string {
  if (kind === 'word') return text.toLowerCase();
  const inner = text.slice(1, -1);
  if (kind === 'string') return inner.replaceAll("''", "'");
  if (kind !== 'name') return text;
  if (text.startsWith('[')) return inner;
  return text.startsWith('"') ? inner.replaceAll('""', '"') : inner.replaceAll('``', '`');
}

export const isOperator = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'operator' && token.text === text;

export const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'word' && words.includes(token.value);

/** Whether a token can stand for a name: SQLite takes strings for names where a name is wanted. */
export const isName = (token: Token | undefined): token is Token =>
  token !== undefined && (token.kind === 'word' || token.kind === 'name' || token.kind === 'string');
