import { Int32 } from 'mongodb';
import type { Finding, StatementClass, TableUse } from '../../engine.js';
import type { Link } from '../shell/parser.js';
import { Refusal, ShellError } from '../shell/shell-error.js';
import { isDocument, type Argument, type ShellDocument, type ShellValue } from '../shell/values.js';

/** A command of the wire protocol: the first name says which, none of them came from anywhere but our own lists. */
export type Command = ReadonlyMap<string, ShellValue>;

/**
 * What the answer holds. cursor: documents. values: a list. count: a number. total: documents of which the first has
 * the number, or none. document: itself. found: a document or nothing. written: what was changed. done: no more.
 */
export type AnswerKind = 'cursor' | 'values' | 'count' | 'total' | 'document' | 'found' | 'written' | 'done';

/** What one statement asks for, in full. */
export interface Operation {
  readonly class: StatementClass;
  readonly verb: string;
  readonly command: Command;
  readonly answer: AnswerKind;
  readonly tables: readonly TableUse[];
  readonly hasWhere: boolean | null;
  readonly findings: readonly Finding[];
  readonly reason: string | null;
}

/** A method that was called on a collection, and what was called on its result. */
export interface Call {
  readonly collection: string;
  readonly method: Link;
  readonly args: readonly Argument[];
  readonly chain: readonly Link[];
}

interface Facts {
  readonly class: StatementClass;
  readonly verb: string;
  readonly answer: AnswerKind;
  readonly tables?: readonly TableUse[];
  readonly hasWhere?: boolean | null;
  readonly findings?: readonly Finding[];
  readonly reason?: string | null;
}

/** Parts that are undefined are left out. */
export function operation(
  facts: Facts,
  parts: readonly (readonly [string, ShellValue | undefined])[],
): Operation {
  const { tables = [], hasWhere = null, findings = [], reason = null, ...rest } = facts;
  const given = parts.filter((part): part is readonly [string, ShellValue] => part[1] !== undefined);
  return { ...rest, tables, hasWhere, findings, reason, command: new Map(given) };
}

export const int = (value: number): Int32 => new Int32(value);

export const reads = (name: string): TableUse => ({ name, use: 'read' });
export const writes = (name: string): TableUse => ({ name, use: 'write' });

/** A name that may be used: no internal collection, and none that means several things. */
export function collectionName(name: string, start: number): string {
  if (name === '' || name.includes('\0') || name.includes('$') || Buffer.byteLength(name) > 200) {
    throw new ShellError('This is no name of a collection.', start);
  }
  if (name.startsWith('system.')) throw new Refusal('Collections of the server itself are out of reach.');
  return name;
}

/** The options of a method, none but these. */
export function optionsOf(argument: Argument | undefined, allowed: readonly string[]): ShellDocument {
  if (argument === undefined) return new Map();
  if (!isDocument(argument.value)) throw new ShellError('Options are a document: { … }', argument.start);
  const unknown = [...argument.value.keys()].find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new ShellError(`The option ${unknown} is not known here.`, argument.start);
  return argument.value;
}

/** At most so many arguments. */
export function atMost(count: number, { args, method }: Pick<Call, 'args' | 'method'>): void {
  const extra = args[count];
  if (extra !== undefined)
    throw new ShellError(`${method.name} takes ${String(count)} at most.`, extra.start);
}

/** What stands behind a result without changing it: it is shown anyway. */
const SHOWS: readonly string[] = ['pretty', 'toArray'];

/** Nothing may be called on a result, unless it only asks to be shown. */
export function noChain({ chain, method }: Call): void {
  const link = chain.find(({ name }) => !SHOWS.includes(name));
  if (link !== undefined) throw new Refusal(`${link.name} cannot be called on the result of ${method.name}.`);
}

export const isShown = ({ name }: Link): boolean => SHOWS.includes(name);
