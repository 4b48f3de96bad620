import { ShellError } from './shell-error.js';

const STRING =
  /"[^"\\\n\r]*(?:\\(?:\r\n|[\s\S])[^"\\\n\r]*)*"|'[^'\\\n\r]*(?:\\(?:\r\n|[\s\S])[^'\\\n\r]*)*'/y;
const ESCAPE =
  /\\(?:(\r\n|[\n\r\u2028\u2029])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,5}|10[0-9a-fA-F]{4})\}|(0(?![0-9])|[^xu0-9]))/gu;
const HALF = /\p{Surrogate}/u;

const SINGLE: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
]);

/** The string literal that begins here: as written, and what it says. */
export function stringAt(text: string, start: number): { readonly written: string; readonly value: string } {
  STRING.lastIndex = start;
  const [written] = STRING.exec(text) ?? [];
  if (written === undefined) throw new ShellError('The string has no end.', start);
  const inner = written.slice(1, -1);
  if (inner.replace(ESCAPE, '').includes('\\')) {
    throw new ShellError('The string has an escape that cannot be read.', start);
  }
  const value = inner.replace(ESCAPE, unescaped);
  if (HALF.test(value)) throw new ShellError('The string contains half of a character.', start);
  return { written, value };
}

/** A line that is continued says nothing; what has no meaning of its own stands for itself. */
function unescaped(_: string, ...[line, byte, unit, point, single = '']: (string | undefined)[]): string {
  if (line !== undefined) return '';
  const code = byte ?? unit ?? point;
  return code === undefined ? (SINGLE.get(single) ?? single) : characterOf(Number.parseInt(code, 16));
}

/** Halves of characters that are written apart come together in the whole text. */
const characterOf = (code: number): string =>
  code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
