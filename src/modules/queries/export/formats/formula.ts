import type { ValueKind } from '../../../../engines/engine.js';

const NUMERIC: ReadonlySet<ValueKind> = new Set(['integer', 'decimal', 'float', 'boolean']);
const PLAIN_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** = + - @ tab, line feed, carriage return. */
const BEGINNINGS: ReadonlySet<number> = new Set([0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0a, 0x0d]);
/** The full-width forms of the same signs begin with these bytes: ＝ ＋ － ＠. */
const FULL_WIDTH = /^[＝＋－＠]/;
const FULL_WIDTH_LEAD = 0xef;

/**
 * Whether a spreadsheet would take a text for a formula (OWASP, "CSV injection"). Numbers are numbers, also where they
 * are written with a sign.
 */
export function looksLikeFormula(bytes: Uint8Array, kind: ValueKind): boolean {
  const first = bytes[0] ?? 0;
  if (first !== FULL_WIDTH_LEAD && !BEGINNINGS.has(first)) return false;
  if (NUMERIC.has(kind)) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64)).toString('utf8');
  if (first === FULL_WIDTH_LEAD) return FULL_WIDTH.test(text);
  return bytes.length > 64 || !PLAIN_NUMBER.test(text);
}
