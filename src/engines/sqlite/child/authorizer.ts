import { constants } from 'node:sqlite';
import type { AccessMode } from '../../engine.js';
import { isAllowedModule, isDeniedFunction, isDeniedTable } from '../analysis/denied.js';
import { pragmaClass } from '../analysis/pragmas.js';

type Argument = string | null;
type Rule = (first: Argument, second: Argument) => boolean;

const always: Rule = () => true;

const READ: readonly (readonly [number, Rule])[] = [
  [constants.SQLITE_SELECT, always],
  [constants.SQLITE_RECURSIVE, always],
  [constants.SQLITE_READ, (table) => !isDeniedTable(table ?? '')],
  [constants.SQLITE_FUNCTION, (_, name) => !isDeniedFunction(name ?? '')],
  [constants.SQLITE_PRAGMA, (name, value) => pragmaClass(name ?? '', value !== null) === 'read'],
];

const WRITE: readonly (readonly [number, Rule])[] = [
  ...READ,
  ...[
    constants.SQLITE_INSERT,
    constants.SQLITE_UPDATE,
    constants.SQLITE_DELETE,
    constants.SQLITE_TRANSACTION,
    constants.SQLITE_SAVEPOINT,
    constants.SQLITE_CREATE_TABLE,
    constants.SQLITE_CREATE_TEMP_TABLE,
    constants.SQLITE_CREATE_INDEX,
    constants.SQLITE_CREATE_TEMP_INDEX,
    constants.SQLITE_CREATE_VIEW,
    constants.SQLITE_CREATE_TEMP_VIEW,
    constants.SQLITE_CREATE_TRIGGER,
    constants.SQLITE_CREATE_TEMP_TRIGGER,
    constants.SQLITE_DROP_TABLE,
    constants.SQLITE_DROP_TEMP_TABLE,
    constants.SQLITE_DROP_INDEX,
    constants.SQLITE_DROP_TEMP_INDEX,
    constants.SQLITE_DROP_VIEW,
    constants.SQLITE_DROP_TEMP_VIEW,
    constants.SQLITE_DROP_TRIGGER,
    constants.SQLITE_DROP_TEMP_TRIGGER,
    constants.SQLITE_DROP_VTABLE,
    constants.SQLITE_ALTER_TABLE,
    constants.SQLITE_REINDEX,
    constants.SQLITE_ANALYZE,
  ].map((action) => [action, always] as const),
  [constants.SQLITE_CREATE_VTABLE, (_, module) => isAllowedModule(module ?? '')],
  [constants.SQLITE_PRAGMA, (name, value) => pragmaClass(name ?? '', value !== null) !== null],
  // VACUUM attaches an unnamed file of its own; VACUUM INTO and ATTACH name one.
  [constants.SQLITE_ATTACH, (file) => (file ?? '') === ''],
  [constants.SQLITE_DETACH, always],
];

/** What SQLite itself asks for every part of a statement it compiles, also inside of views and triggers. */
export function authorizer(
  access: AccessMode,
): (action: number, first: Argument, second: Argument) => number {
  const rules = new Map(access === 'read' ? READ : WRITE);
  return (action, first, second) =>
    rules.get(action)?.(first, second) === true ? constants.SQLITE_OK : constants.SQLITE_DENY;
}
