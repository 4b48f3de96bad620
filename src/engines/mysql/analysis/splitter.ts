import { Lexer, type Lexical, type Token } from './lexer.js';
import { objectOf, wordAt } from './tokens.js';

const ROUTINES: ReadonlySet<string> = new Set(['procedure', 'function', 'trigger', 'event', 'package']);
/** END of one of these closes what was not counted as open. */
const UNCOUNTED: ReadonlySet<string> = new Set(['if', 'loop', 'while', 'repeat', 'for']);

/**
 * Splits a text into the tokens of its statements. The body of a routine belongs to the statement that makes it, with
 * or without the client's DELIMITER. Throws LexicalError where the text cannot be read.
 */
export function split(text: string, lexical?: Lexical): Token[][] {
  const lexer = new Lexer(text, lexical);
  const statements: Token[][] = [];
  let current = new Pending();
  const finish = (): void => {
    if (current.tokens.length > 0) statements.push(current.tokens);
    current = new Pending();
  };
  for (let token = lexer.next(); token !== null; token = lexer.next()) {
    if (current.tokens.length === 0 && token.word === 'delimiter') {
      lexer.readDelimiter();
    } else if (token.kind === 'end' && (current.depth === 0 || lexer.delimiter !== ';')) {
      finish();
    } else {
      current.take(token.kind === 'end' ? { ...token, kind: 'symbol', text: ';' } : token);
    }
  }
  finish();
  return statements;
}

/** A statement that is still being read, with the number of blocks that are open in it. */
class Pending {
  readonly tokens: Token[] = [];
  depth = 0;

  take(token: Token): void {
    if (token.word !== '') this.count(token.word);
    this.tokens.push(token);
  }

  private count(word: string): void {
    const { tokens } = this;
    const ended = wordAt(tokens, tokens.length - 1) === 'end';
    if (ended && UNCOUNTED.has(word)) this.depth += 1;
    else if (word === 'end') this.depth = Math.max(0, this.depth - 1);
    else if ((word === 'begin' || word === 'case') && !ended && this.makesRoutine()) this.depth += 1;
  }

  private makesRoutine(): boolean {
    const verb = wordAt(this.tokens, 0);
    const object = verb === 'create' || verb === 'alter' ? objectOf(this.tokens)?.object : undefined;
    return object !== undefined && ROUTINES.has(object);
  }
}
