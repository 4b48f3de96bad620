import type { ValueKind } from '../../../engines/engine.js';

const NUMERIC: ReadonlySet<ValueKind> = new Set(['integer', 'decimal', 'float']);
const PLAIN_NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?$/;
/** An offset that a clock's text ends with: `+02`, `-03:30`, `Z`. */
const ZONED = /(?:[+-]\d\d(?::?\d\d)?|Z)$/;

export function isNumeric(kind: ValueKind): boolean {
  return NUMERIC.has(kind);
}

/** Orders two values of a column by what they mean rather than by how they are written; exact also beyond 2^53. */
export function compareValues(a: string, b: string, kind: ValueKind): number {
  if (isNumeric(kind)) return compareNumbers(a, b);
  if (kind === 'time') return compareTimes(a, b);
  return compareTexts(a, b);
}

/** NaN comes after every number, as PostgreSQL has it. */
function compareNumbers(a: string, b: string): number {
  const left = Number(a);
  const right = Number(b);
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  if (left !== right) return left < right ? -1 : 1;
  return a === b ? 0 : compareDecimals(a, b);
}

/** Two that are the same to a double may still differ. */
function compareDecimals(a: string, b: string): number {
  const left = PLAIN_NUMBER.exec(a);
  const right = PLAIN_NUMBER.exec(b);
  if (left === null || right === null) return 0;
  const digits = Math.max(left[3]?.length ?? 0, right[3]?.length ?? 0);
  const difference = scaled(left, digits) - scaled(right, digits);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

function scaled([, sign, whole = '', fraction = '']: RegExpExecArray, digits: number): bigint {
  const value = BigInt(whole + fraction.padEnd(digits, '0'));
  return sign === '-' ? -value : value;
}

/** Moments with an offset are compared as moments where a clock can read them; anything else as it is written. */
function compareTimes(a: string, b: string): number {
  if (ZONED.test(a) && ZONED.test(b)) {
    const difference = momentOf(a) - momentOf(b);
    if (!Number.isNaN(difference) && difference !== 0) return difference;
  }
  return compareTexts(a, b);
}

function momentOf(text: string): number {
  return Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  if (left !== right) return left < right ? -1 : 1;
  return a < b ? -1 : 1;
}
