import {
  Double,
  Int32,
  Long,
  type Binary,
  type BSONRegExp,
  type Decimal128,
  type MaxKey,
  type MinKey,
  type ObjectId,
  type Timestamp,
} from 'mongodb';
import { ShellError } from './shell-error.js';

/** Keeps the order of its names whatever they are, and has none that it was not given. */
export type ShellDocument = ReadonlyMap<string, ShellValue>;

/** A value as it is written: what it is on the wire, and nothing that could run. */
export type ShellValue =
  | string
  | boolean
  | null
  | Date
  | Int32
  | Long
  | Double
  | Decimal128
  | ObjectId
  | Binary
  | BSONRegExp
  | Timestamp
  | MinKey
  | MaxKey
  | readonly ShellValue[]
  | ShellDocument;

/** A value with the place where it stands, for what is wrong with it. */
export interface Argument {
  readonly value: ShellValue;
  readonly start: number;
}

export const isDocument = (value: ShellValue | undefined): value is ShellDocument => value instanceof Map;

export const isList = (value: ShellValue | undefined): value is readonly ShellValue[] => Array.isArray(value);

/** A number that stands for a count or a flag; undefined for anything else. */
export function numberOf(value: ShellValue | undefined): number | undefined {
  if (value instanceof Int32 || value instanceof Double) return value.valueOf();
  return value instanceof Long ? value.toNumber() : undefined;
}

/** Like numberOf, for what may only be whole and not negative. */
export function countOf(argument: Argument): number {
  const number = numberOf(argument.value);
  if (number === undefined || !Number.isSafeInteger(number) || number < 0) {
    throw new ShellError('A whole number from 0 is needed here.', argument.start);
  }
  return number;
}

export function textOf(argument: Argument | undefined, at: number): string {
  if (typeof argument?.value === 'string') return argument.value;
  throw new ShellError('A text is needed here.', argument?.start ?? at);
}

export function documentOf(argument: Argument | undefined, at: number): ShellDocument {
  if (isDocument(argument?.value)) return argument.value;
  throw new ShellError('A document is needed here: { … }', argument?.start ?? at);
}

export function listOf(argument: Argument | undefined, at: number): readonly ShellValue[] {
  if (isList(argument?.value)) return argument.value;
  throw new ShellError('A list is needed here: [ … ]', argument?.start ?? at);
}
