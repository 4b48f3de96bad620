import { Double } from 'mongodb';
import { CONSTANTS, CONSTRUCTORS, integerOf, regexOf } from './constructors.js';
import { meantBy } from './extended-json.js';
import { Scanner, type Token } from './scanner.js';
import { ShellError } from './shell-error.js';
import type { Argument, ShellValue } from './values.js';

/** One step behind `db`: a name, and what it was called with when it was called. */
export interface Link {
  readonly name: string;
  readonly args: readonly Argument[] | null;
  readonly start: number;
  readonly end: number;
}

/** `db.orders.find({…}).limit(5)`, or `show collections` as one link without `db`. */
export interface ParsedStatement {
  readonly start: number;
  readonly end: number;
  readonly links: readonly Link[];
  readonly shows: string | null;
}

/** What the server stores at most is a hundred levels deep. */
const MAX_DEPTH = 100;
const NOT_A_SCRIPT = 'Write statements like db.orders.find({ … }): this is read, not run as a program.';

/** The statements of a text. Values are read, nothing is evaluated. */
export function parseShell(text: string): ParsedStatement[] {
  return new Parser(text).statements();
}

class Parser {
  private readonly scanner: Scanner;
  private depth = 0;
  /** Where what was taken last ends. */
  private end = 0;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  statements(): ParsedStatement[] {
    const found: ParsedStatement[] = [];
    for (;;) {
      while (this.takes(';'));
      if (this.scanner.peek().kind === 'end') return found;
      found.push(this.statement());
      const after = this.scanner.peek();
      if (after.kind !== 'end' && after.text !== ';' && !after.onNewLine) {
        throw new ShellError('A statement ends with a semicolon or a new line.', after.start);
      }
    }
  }

  private statement(): ParsedStatement {
    const first = this.scanner.next();
    if (first.kind === 'word' && first.text === 'show') return this.show(first);
    if (first.kind !== 'word' || first.text !== 'db') throw new ShellError(NOT_A_SCRIPT, first.start);
    const links: Link[] = [];
    let end = first.end;
    for (let link = this.link(); link !== null; link = this.link()) {
      links.push(link);
      ({ end } = link);
    }
    return { start: first.start, end, links, shows: null };
  }

  private show({ start }: Token): ParsedStatement {
    const what = this.scanner.next();
    if (what.kind !== 'word' || what.onNewLine) throw new ShellError('What is to be shown?', what.start);
    return { start, end: what.end, links: [], shows: what.text };
  }

  private link(): Link | null {
    const dot = this.scanner.peek();
    if (this.takes('.')) {
      const name = this.scanner.next();
      if (name.kind !== 'word') throw new ShellError('A name is needed here.', name.start);
      return this.called(name.text, name);
    }
    if (dot.onNewLine || !this.takes('[')) return null;
    const name = this.scanner.next();
    if (name.kind !== 'string') throw new ShellError('A name in quotes is needed here.', name.start);
    this.expect(']');
    return this.called(name.text, name);
  }

  private called(name: string, { start, end }: Token): Link {
    const open = this.scanner.peek();
    if (open.onNewLine || !this.takes('(')) return { name, args: null, start, end };
    const args = this.list(')');
    return { name, args, start, end: this.end };
  }

  private value(): Argument {
    const token = this.scanner.next();
    return { value: this.valueFrom(token), start: token.start };
  }

  private valueFrom(token: Token): ShellValue {
    if (token.kind === 'string') return token.text;
    if (token.kind === 'number') return numberOf(token.text, '', token.start);
    if (token.kind === 'regex') return regexOf(token.text, token.flags, token.start);
    if (token.kind === 'word') return this.valueOfWord(token);
    return this.composed(token);
  }

  private composed(token: Token): ShellValue {
    if (token.text === '{') return this.nested(token, () => this.document(token));
    if (token.text === '[') return this.nested(token, () => this.list(']').map(({ value }) => value));
    if (token.text === '-' || token.text === '+') return this.signed(token);
    throw new ShellError(
      token.kind === 'end' ? 'The text ends too early.' : 'A value is needed here.',
      token.start,
    );
  }

  private nested<T>(token: Token, read: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ShellError('The text is too deeply nested.', token.start);
    const value = read();
    this.depth -= 1;
    return value;
  }

  private signed({ text: sign, start }: Token): ShellValue {
    const number = this.scanner.next();
    if (number.kind === 'number') return numberOf(number.text, sign, start);
    if (number.text !== 'Infinity') throw new ShellError('A number is needed here.', number.start);
    return new Double(sign === '-' ? -Infinity : Infinity);
  }

  private valueOfWord(token: Token): ShellValue {
    const word = token.text === 'new' ? this.scanner.next() : token;
    const make = CONSTRUCTORS.get(word.text);
    if (make !== undefined && this.takes('(')) {
      return this.nested(token, () => make(this.list(')'), word.start));
    }
    const constant = token === word ? CONSTANTS.get(word.text) : undefined;
    if (constant !== undefined) return constant();
    const hint = /^(?:function|async)$/.test(word.text)
      ? 'Functions are not run here.'
      : `"${word.text}" is no value.`;
    throw new ShellError(hint, word.start);
  }

  private document(open: Token): ShellValue {
    const members = new Map<string, ShellValue>();
    while (!this.takes('}')) {
      const name = this.scanner.next();
      if (name.kind !== 'word' && name.kind !== 'string' && name.kind !== 'number') {
        throw new ShellError('The name of a field is needed here.', name.start);
      }
      if (name.text.includes('\0')) throw new ShellError('A name has no NUL character.', name.start);
      this.expect(':');
      members.set(name.text, this.value().value);
      if (!this.takes(',')) {
        this.expect('}');
        break;
      }
    }
    return meantBy(members, open.start);
  }

  private list(close: string): Argument[] {
    const items: Argument[] = [];
    while (!this.takes(close)) {
      items.push(this.value());
      if (this.takes(',')) continue;
      this.expect(close);
      break;
    }
    return items;
  }

  private takes(punctuation: string): boolean {
    const token = this.scanner.peek();
    if (token.kind !== 'punctuation' || token.text !== punctuation) return false;
    this.end = this.scanner.next().end;
    return true;
  }

  private expect(punctuation: string): void {
    if (this.takes(punctuation)) return;
    const { start } = this.scanner.peek();
    throw new ShellError(`"${punctuation}" is needed here.`, start);
  }
}

/** Digits as JavaScript writes them; whole ones stay whole however long they are. */
function numberOf(text: string, sign: string, start: number): ShellValue {
  const digits = text.replace(/n$/, '').replaceAll('_', '');
  if (/^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(digits)) {
    const whole = BigInt(digits);
    if (sign === '-' && whole === 0n) return new Double(-0);
    return integerOf(sign === '-' ? -whole : whole, start);
  }
  if (text.endsWith('n')) throw new ShellError('The number cannot be read.', start);
  return new Double(Number(sign + digits));
}
