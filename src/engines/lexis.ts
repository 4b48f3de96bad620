/**
 * How the text of an engine falls into words, strings, names and comments. Only that: what they mean together is the
 * business of the engine's own grammar. Pure, and used in browsers too.
 */
export interface Lexis {
  /** `$$ … $$`, `$tag$ … $tag$` and `E'…'`. */
  readonly dollarQuotes: boolean;
  /** A backslash in '…' takes the next character with it. */
  readonly backslashEscapes: boolean;
  /** Comments from `#` to the end of the line. */
  readonly hashComments: boolean;
  /** "…" is a string, not a name. */
  readonly doubleQuotedStrings: boolean;
  /** Quotes around names beside "…". */
  readonly nameQuotes: string;
  readonly nestedComments: boolean;
  /** `--` begins a comment only before white space: `5--3` is 8. */
  readonly spaceAfterDashes: boolean;
}

const POSTGRES: Lexis = {
  dollarQuotes: true,
  backslashEscapes: false,
  hashComments: false,
  doubleQuotedStrings: false,
  nameQuotes: '',
  nestedComments: true,
  spaceAfterDashes: false,
};
const MYSQL: Lexis = {
  dollarQuotes: false,
  backslashEscapes: true,
  hashComments: true,
  doubleQuotedStrings: true,
  nameQuotes: '`',
  nestedComments: false,
  spaceAfterDashes: true,
};
const SQLITE: Lexis = {
  ...POSTGRES,
  dollarQuotes: false,
  nameQuotes: '`[',
  nestedComments: false,
};

const LEXES: Readonly<Record<string, Lexis>> = { postgres: POSTGRES, mysql: MYSQL, sqlite: SQLITE };

/** Null for engines whose language is no SQL. */
export function lexisOf(engine: string): Lexis | null {
  return LEXES[engine] ?? null;
}
