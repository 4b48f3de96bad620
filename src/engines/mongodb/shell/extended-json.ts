import { Double, Long, MaxKey, MinKey } from 'mongodb';
import {
  binaryOf,
  dateOf,
  dateOfMilliseconds,
  decimalOf,
  integerOf,
  longOf,
  objectIdOf,
  regexOf,
  timestampOf,
  uuidOf,
} from './constructors.js';
import { ShellError } from './shell-error.js';
import { isDocument, numberOf, type ShellDocument, type ShellValue } from './values.js';

type Make = (value: ShellValue, start: number) => ShellValue;

const text = (value: ShellValue | undefined, start: number): string => {
  if (typeof value !== 'string') throw new ShellError('A text is needed here.', start);
  return value;
};

const part = (value: ShellValue, name: string): ShellValue | undefined =>
  isDocument(value) ? value.get(name) : undefined;

const refuse =
  (what: string) =>
  (_: ShellValue, start: number): never => {
    throw new ShellError(`${what} is not taken here.`, start);
  };

const date: Make = (value, start) => {
  const milliseconds = value instanceof Long ? value.toNumber() : numberOf(value);
  return milliseconds === undefined
    ? dateOf(text(value, start), start)
    : dateOfMilliseconds(milliseconds, start);
};

const double: Make = (value, start) => {
  const written = text(value, start);
  if (!/^(?:NaN|-?Infinity|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/.test(written)) {
    throw new ShellError('The number cannot be read.', start);
  }
  return new Double(Number(written));
};

/** MongoDB Extended JSON: a document with one such name is the value it stands for. */
const FORMS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['$oid', (value, start) => objectIdOf(text(value, start), start)],
  ['$date', date],
  ['$numberInt', (value, start) => integerOf(longOf(text(value, start), start).toBigInt(), start)],
  ['$numberLong', (value, start) => longOf(text(value, start), start)],
  ['$numberDouble', double],
  ['$numberDecimal', (value, start) => decimalOf(text(value, start), start)],
  ['$uuid', (value, start) => uuidOf(text(value, start), start)],
  [
    '$binary',
    (value, start) => {
      const kind = Number.parseInt(text(part(value, 'subType'), start), 16);
      return binaryOf(text(part(value, 'base64'), start), kind, start);
    },
  ],
  [
    '$regularExpression',
    (value, start) =>
      regexOf(text(part(value, 'pattern'), start), text(part(value, 'options'), start), start),
  ],
  [
    '$timestamp',
    (value, start) => timestampOf(numberOf(part(value, 't')), numberOf(part(value, 'i')), start),
  ],
  ['$minKey', () => new MinKey()],
  ['$maxKey', () => new MaxKey()],
  ['$code', refuse('Code')],
  ['$scope', refuse('Code')],
  ['$symbol', refuse('A symbol')],
  ['$dbPointer', refuse('A pointer to another database')],
  ['$undefined', refuse('Undefined')],
]);

/** The value that a document stands for, or the document itself. */
export function meantBy(document: ShellDocument, start: number): ShellValue {
  const special = [...document.keys()].find((name) => FORMS.has(name));
  const [[, value] = []] = document;
  const make = special === undefined ? undefined : FORMS.get(special);
  if (make === undefined || value === undefined) return document;
  // `{ $minKey: 1, a: 2 }` is neither the one nor the other.
  if (document.size > 1) {
    if (special === '$code') return make(value, start);
    throw new ShellError(`${special ?? ''} stands alone in its document.`, start);
  }
  return make(value, start);
}
