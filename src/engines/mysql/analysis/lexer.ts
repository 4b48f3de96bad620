/**
 * word: a bare word or number. name: a quoted identifier. end: the delimiter between statements. Comments and white
 * space leave no token.
 */
export type TokenKind = 'word' | 'name' | 'string' | 'symbol' | 'hint' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; a name without its quotes. Empty for strings. */
  readonly text: string;
  /** A word in lower case; empty for everything else. */
  readonly word: string;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

/** What of the session's sql_mode decides where a string ends; connections pin it to DEFAULT_LEXICAL. */
export interface Lexical {
  /** Double quotes hold a name (ANSI_QUOTES) instead of a string. */
  readonly ansiQuotes: boolean;
  /** A backslash in a string escapes the next character (without NO_BACKSLASH_ESCAPES). */
  readonly backslashEscapes: boolean;
}

export const DEFAULT_LEXICAL: Lexical = { ansiQuotes: false, backslashEscapes: true };

/** A place at which the text can be read in more than one way, or not at all. */
export class LexicalError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly position: number,
  ) {
    super(message);
    this.name = 'LexicalError';
  }
}

// As in the server for utf8mb4: everything beyond ASCII belongs to a word, also what Unicode takes for white space.
const WORD = /[0-9A-Za-z_$\u0080-\uffff]+/y;
const SPACE = /[\t\n\v\f\r ]+/y;
/** Two dashes begin a comment only before white space, a control character or the end. */
// eslint-disable-next-line no-control-regex -- the server's own rule
const DASHES = /--(?=[\x00-\x20\x7f]|$)/y;
const QUOTED_HINT = /['"`]/;

/** Cuts a text into tokens as the server does, one after the other, so that the delimiter can change in between. */
export class Lexer {
  delimiter = ';';
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly lexical: Lexical = DEFAULT_LEXICAL,
  ) {}

  /** The next token, or null at the end. Throws LexicalError where the text cannot be read. */
  next(): Token | null {
    for (;;) {
      this.skip(SPACE);
      if (this.at >= this.text.length) return null;
      if (this.text.startsWith(this.delimiter, this.at)) {
        return this.token('end', '', this.at + this.delimiter.length);
      }
      if (this.skipLine()) continue;
      if (!this.text.startsWith('/*', this.at)) return this.read();
      const hint = this.comment();
      if (hint !== null) return hint;
    }
  }

  /** Takes the first word of the rest of the line as the delimiter, as the client's own command DELIMITER does. */
  readDelimiter(): void {
    const end = this.endOfLine();
    const [word = ''] = this.text.slice(this.at, end).trim().split(/\s/, 1);
    this.delimiter = word === '' ? ';' : word;
    this.at = end;
  }

  private read(): Token {
    const char = this.text.charAt(this.at);
    if (char === "'" || (char === '"' && !this.lexical.ansiQuotes)) {
      return this.token('string', '', this.endOfQuoted(char, this.lexical.backslashEscapes));
    }
    if (char === '`' || char === '"') {
      const end = this.endOfQuoted(char, false);
      const name = this.text.slice(this.at + 1, end - 1).replaceAll(char + char, char);
      return this.token('name', name, end);
    }
    const length = this.wordLength();
    if (length > 0) {
      return this.token('word', this.text.slice(this.at, this.at + length), this.at + length);
    }
    const assignment = this.text.startsWith(':=', this.at);
    return this.token('symbol', assignment ? ':=' : char, this.at + (assignment ? 2 : 1));
  }

  /** `$` is part of words, and `$$` a common delimiter: a word ends where the delimiter begins. */
  private wordLength(): number {
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.text)?.[0] ?? '';
    const cut = word.indexOf(this.delimiter);
    return cut < 0 ? word.length : cut;
  }

  private endOfQuoted(quote: string, escapes: boolean): number {
    const { text } = this;
    for (let at = this.at + 1; at < text.length; at += 1) {
      const char = text.charAt(at);
      if (char === '\\' && escapes) at += 1;
      else if (char === quote) {
        if (text.charAt(at + 1) !== quote) return at + 1;
        at += 1;
      }
    }
    const what = quote === '`' ? 'A quoted name' : 'A string';
    throw new LexicalError('unterminated', `${what} that begins here does not end.`, this.at);
  }

  private skipLine(): boolean {
    DASHES.lastIndex = this.at;
    if (this.text.charAt(this.at) !== '#' && !DASHES.test(this.text)) return false;
    this.at = this.endOfLine();
    return true;
  }

  /** Skips a comment; answers a token for one that the server reads as a hint. */
  private comment(): Token | null {
    const { text, at } = this;
    // What is in them runs or not by the server's version, and where they end depends on that.
    if (/^\/\*M?!/.test(text.slice(at, at + 4))) {
      const message = 'Comments that the server executes are refused: write the statement plainly.';
      throw new LexicalError('executable_comment', message, at);
    }
    const close = text.indexOf('*/', at + 2);
    if (close < 0) throw new LexicalError('unterminated', 'A comment that begins here does not end.', at);
    const content = text.slice(at + 2, close);
    if (!content.startsWith('+')) {
      this.at = close + 2;
      return null;
    }
    if (QUOTED_HINT.test(content)) {
      throw new LexicalError(
        'quoted_hint',
        'Hints with quotes are refused: servers disagree on their end.',
        at,
      );
    }
    return this.token('hint', content.slice(1).toLowerCase(), close + 2);
  }

  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    if (pattern.test(this.text)) this.at = pattern.lastIndex;
  }

  private endOfLine(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  private token(kind: TokenKind, text: string, end: number): Token {
    const start = this.at;
    this.at = end;
    return { kind, text, word: kind === 'word' ? text.toLowerCase() : '', start, end };
  }
}
