import type { Token } from './lexer.js';

/** The tokens of one statement, without its delimiter. */
export type Tokens = readonly Token[];

/** The word at a place in lower case; empty where there is something else. */
export function wordAt(tokens: Tokens, at: number): string {
  return tokens[at]?.word ?? '';
}

export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.text === symbol;
}

export function hasWords(tokens: Tokens, at: number, ...words: readonly string[]): boolean {
  return words.every((word, offset) => wordAt(tokens, at + offset) === word);
}

/** A name, quoted or not. */
export function isNameLike(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'name';
}

/** Where the bracket that opens at a place is closed, one past it; the end when it is not. */
export function afterBrackets(tokens: Tokens, open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], '(')) depth += 1;
    else if (isSymbol(tokens[at], ')')) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

/** Places at which a token stands outside of all brackets. */
export function* outermost(tokens: Tokens, from = 0): Generator<number> {
  for (let at = from; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], '(')) at = afterBrackets(tokens, at) - 1;
    else yield at;
  }
}

/** What CREATE, ALTER and DROP may be about. */
const OBJECTS: ReadonlySet<string> = new Set(
  `table tables view index procedure function trigger event sequence database schema user role server tablespace logfile
   undo package resource reference instance`
    .trim()
    .split(/\s+/),
);

/** What may stand between the verb and the object. */
const MODIFIERS: ReadonlySet<string> = new Set(
  `or replace definer algorithm undefined merge temptable sql security invoker aggregate temporary unique fulltext
   spatial vector online offline ignore if not exists body`
    .trim()
    .split(/\s+/),
);

/** The object of CREATE, ALTER, DROP and where its word stands; null when it is none that is known. */
export function objectOf(tokens: Tokens): { readonly object: string; readonly at: number } | null {
  for (let at = 1; at < tokens.length; at += 1) {
    const word = wordAt(tokens, at);
    if (OBJECTS.has(word)) return { object: word, at };
    if (isSymbol(tokens[at], '=')) at = afterDefiner(tokens, at) - 1;
    else if (!MODIFIERS.has(word)) return null;
  }
  return null;
}

/** `= name`, `= name@host`, `= current_user()`, one past it. */
function afterDefiner(tokens: Tokens, equals: number): number {
  let at = equals + 2;
  if (isSymbol(tokens[at], '(')) at = afterBrackets(tokens, at);
  if (isSymbol(tokens[at], '@')) at += 2;
  return at;
}
