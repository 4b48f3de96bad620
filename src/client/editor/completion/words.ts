import type { Lexis } from '../../../engines/lexis.js';
import { tokensOf, type TokenKind } from '../../../engines/tokens.js';

/** A token that means something, with its text as names are compared: in lower case, without quotes. */
export interface Word {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
  /** As written; of a quoted name what is between the quotes. */
  readonly text: string;
  /** Words in lower case; quoted names get a mark before them, so that they are never taken for keywords. */
  readonly key: string;
  readonly open: boolean;
}

export interface Words {
  readonly list: readonly Word[];
  /** For `(` the number of its `)`, or of the end; for every other word nothing. */
  readonly closing: ReadonlyMap<number, number>;
}

const QUOTED = '"';

export function readWords(text: string, lexis: Lexis): Words {
  const list: Word[] = [];
  const closing = new Map<number, number>();
  const opened: number[] = [];
  for (const { kind, from, to, open } of tokensOf(text, lexis)) {
    if (kind === 'comment') continue;
    const written = kind === 'name' ? unquoted(text.slice(from, to), open) : text.slice(from, to);
    const key = kind === 'name' ? QUOTED + written : written.toLowerCase();
    if (key === '(') opened.push(list.length);
    if (key === ')') {
      const opening = opened.pop();
      if (opening !== undefined) closing.set(opening, list.length);
    }
    list.push({ kind, from, to, text: written, key, open });
  }
  for (const opening of opened) closing.set(opening, list.length);
  return { list, closing };
}

function unquoted(name: string, open: boolean): string {
  const quote = name.charAt(0);
  const inner = name.slice(1, open || name.length < 2 ? undefined : -1);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
}

export function isName(word: Word | undefined): word is Word {
  return word !== undefined && (word.kind === 'name' || word.kind === 'word');
}

/** What may follow a table without being its alias. */
const NO_ALIAS = new Set(
  (
    'where on join inner left right full cross natural using group order having limit offset fetch union except ' +
    'intersect set values select returning as when then else end and or not window for lateral default with ' +
    'tablesample straight_join force ignore use partition from into only do'
  ).split(' '),
);

export function canBeAlias(word: Word | undefined): word is Word {
  return isName(word) && (word.kind === 'name' || !NO_ALIAS.has(word.key));
}

/** `a.b.c` beginning at a place: its parts and the place behind it. */
export function readPath(list: readonly Word[], start: number): { parts: string[]; end: number } {
  const parts: string[] = [];
  let at = start;
  for (let word = list[at]; isName(word); word = list[at]) {
    parts.push(word.text);
    at += 1;
    if (list[at]?.key !== '.') break;
    at += 1;
  }
  return { parts, end: at };
}

/** `(a, b, c)` at a place, and the place behind it; without a parenthesis there is nothing. */
export function readNames({ list, closing }: Words, start: number): { names: string[]; end: number } {
  const close = list[start]?.key === '(' ? closing.get(start) : undefined;
  if (close === undefined) return { names: [], end: start };
  const names = list.slice(start + 1, close).filter(isName);
  return { names: names.map(({ text }) => text), end: close + 1 };
}

/** Looks at words by their number; beyond the end there are words that say nothing. */
export class WordReader {
  constructor(
    protected readonly words: Words,
    protected readonly length: number,
  ) {}

  protected at(number: number): Word | undefined {
    return this.words.list[number];
  }

  protected key(number: number): string {
    return this.at(number)?.key ?? '';
  }

  protected place(number: number): number {
    return this.at(number)?.from ?? this.length;
  }

  protected closingOf(number: number): number {
    return this.words.closing.get(number) ?? number;
  }
}
