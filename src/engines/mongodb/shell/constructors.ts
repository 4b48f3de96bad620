import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';
import { ShellError } from './shell-error.js';
import { isDocument, numberOf, type Argument, type ShellValue } from './values.js';

type Make = (args: readonly Argument[], start: number) => ShellValue;

const INT32_MAX = 2_147_483_647;
const INT64_MAX = 9_223_372_036_854_775_807n;
const INTEGER = /^[+-]?\d+$/;
const DATE =
  /^((?:[+-]\d{6}|\d{4})-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d:?\d\d)?$/i;
/** What the server's expressions know; `g` and others mean something only to a program. */
const FLAGS = /^(?!.*(.).*\1)[imsxu]*$/;

/** A whole number as mongosh stores small ones; larger ones stay exact, which a double would not keep them. */
export function integerOf(digits: bigint, start: number): Int32 | Long {
  if (digits >= -INT32_MAX - 1 && digits <= INT32_MAX) return new Int32(Number(digits));
  if (digits < -INT64_MAX - 1n || digits > INT64_MAX) throw new ShellError('The number is too large.', start);
  return Long.fromBigInt(digits);
}

export function longOf(text: string, start: number): Long {
  if (!INTEGER.test(text)) throw new ShellError('A whole number is needed here.', start);
  const whole = integerOf(BigInt(text), start);
  return whole instanceof Long ? whole : Long.fromNumber(whole.valueOf());
}

export function decimalOf(text: string, start: number): Decimal128 {
  return made(() => Decimal128.fromString(text), 'The decimal number cannot be read.', start);
}

export function objectIdOf(text: string, start: number): ObjectId {
  if (!/^[0-9a-f]{24}$/i.test(text)) throw new ShellError('An ObjectId has 24 hexadecimal digits.', start);
  return new ObjectId(text);
}

/** Without a zone the time is UTC. */
export function dateOf(text: string, start: number): Date {
  const [, day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    DATE.exec(text) ?? [];
  const time = `${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`;
  const date = new Date(`${day}T${time}${zone.toUpperCase().replace(/^(...)(\d\d)$/, '$1:$2')}`);
  // A month that is too short would run over into the next.
  const runsOver = new Date(`${day}T00:00:00Z`).getUTCDate() !== Number(day.slice(-2));
  if (runsOver || Number.isNaN(date.getTime())) {
    throw new ShellError('The date cannot be read: write 2026-03-01T12:00:00Z.', start);
  }
  return date;
}

export function dateOfMilliseconds(milliseconds: number, start: number): Date {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) throw new ShellError('There is no such date.', start);
  return date;
}

export function binaryOf(base64: string, subType: number, start: number): Binary {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new ShellError('The bytes are not written in base64.', start);
  }
  if (!Number.isInteger(subType) || subType < 0 || subType > 255) {
    throw new ShellError('The kind of the bytes is a number from 0 to 255.', start);
  }
  return new Binary(Buffer.from(base64, 'base64'), subType);
}

export function uuidOf(text: string, start: number): Binary {
  return made(() => new UUID(text).toBinary(), 'The UUID cannot be read.', start);
}

export function regexOf(pattern: string, flags: string, start: number): BSONRegExp {
  if (!FLAGS.test(flags)) {
    throw new ShellError('A regular expression has the flags i, m, s, x and u here.', start);
  }
  if (pattern.includes('\0')) throw new ShellError('A regular expression has no NUL character.', start);
  return new BSONRegExp(pattern, Array.from(flags).sort().join(''));
}

export function timestampOf(
  seconds: number | undefined,
  increment: number | undefined,
  start: number,
): Timestamp {
  const fits = (part: number | undefined): part is number =>
    part !== undefined && Number.isInteger(part) && part >= 0 && part <= 0xffffffff;
  if (!fits(seconds) || !fits(increment)) throw new ShellError('A Timestamp has two whole numbers.', start);
  return new Timestamp({ t: seconds, i: increment });
}

function made<T>(make: () => T, problem: string, start: number): T {
  try {
    return make();
  } catch {
    throw new ShellError(problem, start);
  }
}

const word = ([first]: readonly Argument[], start: number): string => {
  if (typeof first?.value === 'string') return first.value;
  const number = numberOf(first?.value);
  if (number === undefined) throw new ShellError('A value is needed here.', first?.start ?? start);
  return first?.value instanceof Long ? first.value.toString() : String(number);
};

const date: Make = (args, start) => {
  const [first] = args;
  if (first === undefined)
    throw new ShellError('Write the moment that is meant: the text may run later.', start);
  const milliseconds = numberOf(first.value);
  return milliseconds === undefined
    ? dateOf(word(args, start), start)
    : dateOfMilliseconds(milliseconds, start);
};

const int: Make = (args, start) => {
  const whole = integerOf(longOf(word(args, start), start).toBigInt(), start);
  if (whole instanceof Long) throw new ShellError('The number is too large.', start);
  return whole;
};

const long: Make = (args, start) => longOf(word(args, start), start);

const timestamp: Make = ([first, second], start) => {
  const [seconds, increment] = isDocument(first?.value)
    ? [first.value.get('t'), first.value.get('i')]
    : [first?.value, second?.value];
  return timestampOf(numberOf(seconds), numberOf(increment), start);
};

/** What a value may be made with, `new` or not; nothing else is called. */
export const CONSTRUCTORS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['ObjectId', (args, start) => (args.length === 0 ? new ObjectId() : objectIdOf(word(args, start), start))],
  ['ISODate', date],
  ['Date', date],
  ['NumberInt', int],
  ['Int32', int],
  ['NumberLong', long],
  ['Long', long],
  ['NumberDecimal', (args, start) => decimalOf(word(args, start), start)],
  ['Decimal128', (args, start) => decimalOf(word(args, start), start)],
  ['Double', (args, start) => new Double(Number(word(args, start)))],
  ['UUID', (args, start) => uuidOf(word(args, start), start)],
  [
    'BinData',
    ([kind, bytes], start) =>
      binaryOf(word([...(bytes ? [bytes] : [])], start), numberOf(kind?.value) ?? -1, start),
  ],
  ['Timestamp', timestamp],
  ['MinKey', () => new MinKey()],
  ['MaxKey', () => new MaxKey()],
  [
    'RegExp',
    (args, start) =>
      regexOf(word(args, start), args[1] === undefined ? '' : word(args.slice(1), start), start),
  ],
]);

/** Words that stand for a value. */
export const CONSTANTS: ReadonlyMap<string, () => ShellValue> = new Map<string, () => ShellValue>([
  ['true', () => true],
  ['false', () => false],
  ['null', () => null],
  ['NaN', () => new Double(Number.NaN)],
  ['Infinity', () => new Double(Infinity)],
  ['MinKey', () => new MinKey()],
  ['MaxKey', () => new MaxKey()],
]);
