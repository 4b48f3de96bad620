import { ShellError } from './shell-error.js';
import { stringAt } from './strings.js';

export type TokenKind = 'word' | 'string' | 'number' | 'regex' | 'punctuation' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Words, digits and punctuation as written; strings without quotes and escapes; the pattern of an expression. */
  readonly text: string;
  /** What stands behind a regular expression. */
  readonly flags: string;
  readonly start: number;
  readonly end: number;
  /** A line ends between the token before and this one. */
  readonly onNewLine: boolean;
}

const GAP = /(?:[\s\uFEFF]+|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*/uy;
const NUMBER = /0[xX][0-9a-fA-F]+n?|0[bBoO]\w+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?n?/y;
const AFTER_NUMBER = /[\p{ID_Continue}$.]/uy;
const REGEX = /\/((?:[^/\\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+)\/([A-Za-z]*)/y;
const PUNCTUATION = '{}[]().,:;-+';

/** Reads JavaScript's tokens, as far as data is written with them: nothing is divided, so a slash begins an expression. */
export class Scanner {
  private at = 0;
  private ahead: Token | null = null;

  constructor(private readonly text: string) {}

  peek(): Token {
    this.ahead ??= this.read();
    return this.ahead;
  }

  next(): Token {
    const token = this.peek();
    this.ahead = null;
    return token;
  }

  private read(): Token {
    const before = this.at;
    this.skipGap();
    const start = this.at;
    const onNewLine = /[\n\r\u2028\u2029]/.test(this.text.slice(before, start));
    const [kind, text, flags = ''] = this.tokenAt(start);
    return { kind, text, flags, start, end: this.at, onNewLine };
  }

  private tokenAt(start: number): readonly [TokenKind, string, string?] {
    const first = this.text[start];
    if (first === undefined) return ['end', ''];
    if (first === '"' || first === "'") {
      const { written, value } = stringAt(this.text, start);
      this.at += written.length;
      return ['string', value];
    }
    if (first === '/') return this.regexAt(start);
    const [word] = matchAt(WORD, this.text, start) ?? [];
    if (word !== undefined) return ['word', this.taken(word)];
    const [number] = matchAt(NUMBER, this.text, start) ?? [];
    if (number !== undefined) return ['number', this.taken(this.wholeNumber(number, start))];
    if (PUNCTUATION.includes(first)) return ['punctuation', this.taken(first)];
    throw new ShellError(unexpected(first), start);
  }

  private regexAt(start: number): readonly [TokenKind, string, string] {
    const [whole, pattern = '', flags = ''] = matchAt(REGEX, this.text, start) ?? [];
    if (whole === undefined) throw new ShellError('The regular expression has no end.', start);
    this.at += whole.length;
    return ['regex', pattern, flags];
  }

  private wholeNumber(number: string, start: number): string {
    const odd = matchAt(AFTER_NUMBER, this.text, start + number.length) !== null;
    if (odd || /^0[bBoO\d]/.test(number)) throw new ShellError('The number cannot be read.', start);
    return number;
  }

  private taken(text: string): string {
    this.at += text.length;
    return text;
  }

  private skipGap(): void {
    const [gap] = matchAt(GAP, this.text, this.at) ?? [];
    if (gap !== undefined) this.at += gap.length;
    if (this.text.startsWith('/*', this.at)) throw new ShellError('The comment has no end.', this.at);
  }
}

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}

function unexpected(character: string): string {
  if (character === '`') return 'Texts in backticks are computed: write the text in quotes.';
  return /[=<>!&|?*%^~]/.test(character)
    ? 'Nothing is computed here: write the value itself.'
    : `"${character}" cannot be read here.`;
}
