import { DEFAULT_LEXICAL, Lexer, type Lexical } from './lexer.js';

function tokens(text: string, changes: Partial<Lexical> = {}): string[] {
  const lexer = new Lexer(text, { ...DEFAULT_LEXICAL, ...changes });
  const found: string[] = [];
  for (let token = lexer.next(); token !== null; token = lexer.next()) {
    found.push(`${token.kind}:${text.slice(token.start, token.end)}`);
  }
  return found;
}

describe('the lexer', () => {
  it('reads double quotes by ANSI_QUOTES', () => {
    expect(tokens('"a""b"')).toEqual(['string:"a""b"']);
    expect(tokens('"a""b"', { ansiQuotes: true })).toEqual(['name:"a""b"']);
  });

  it('reads backslashes by NO_BACKSLASH_ESCAPES', () => {
    expect(() => tokens("'a\\'")).toThrow('does not end');
    expect(tokens("'a\\'; 'b'", { backslashEscapes: false })).toEqual([
      "string:'a\\'",
      'end:;',
      "string:'b'",
    ]);
  });

  it('never takes a backslash in a quoted name for an escape', () => {
    expect(tokens('`a\\`')).toEqual(['name:`a\\`']);
  });

  it('begins a comment at two dashes only before white space, a control character or the end', () => {
    expect(tokens('1--1')).toEqual(['word:1', 'symbol:-', 'symbol:-', 'word:1']);
    expect(tokens('1--\t1')).toEqual(['word:1']);
    expect(tokens('1--\x011\n2')).toEqual(['word:1', 'word:2']);
    expect(tokens('1 --')).toEqual(['word:1']);
  });

  it('ends a plain comment at the first end, however many begin in it', () => {
    expect(tokens('/* a /* b */ c */')).toEqual(['word:c', 'symbol:*', 'symbol:/']);
  });

  it('takes what Unicode calls white space for part of a word, as the server does', () => {
    expect(tokens('select\u00a01')).toEqual(['word:select\u00a01']);
  });

  it('keeps := together and @ apart', () => {
    expect(tokens('@a:=1')).toEqual(['symbol:@', 'word:a', 'symbol::=', 'word:1']);
  });
});
