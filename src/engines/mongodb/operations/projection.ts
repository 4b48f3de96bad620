import { isDocument, numberOf, type ShellValue } from '../shell/values.js';
import type { Operation } from './operation.js';

/** The fields that the documents of an answer can have; null when they may have any. */
export function fieldsOf({ command }: Operation): readonly string[] | null {
  const projection = command.has('find') ? command.get('projection') : undefined;
  if (!isDocument(projection)) return null;
  const { _id: id = true, ...others } = Object.fromEntries(projection) as Readonly<
    Record<string, ShellValue>
  >;
  const names = Object.keys(others);
  const plain = names.every((name) => !/[.$]/.test(name) && isYes(others[name]));
  if (names.length === 0 || !plain) return null;
  return isYes(id) ? ['_id', ...names] : names;
}

const isYes = (value: ShellValue | undefined): boolean => value === true || (numberOf(value) ?? 0) !== 0;
