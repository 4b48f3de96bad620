import type { StatementClass } from '../../engine.js';

/** They answer about an object that their value names. */
const ABOUT_OBJECTS: ReadonlySet<string> = new Set([
  'collation_list',
  'compile_options',
  'foreign_key_check',
  'foreign_key_list',
  'function_list',
  'index_info',
  'index_list',
  'index_xinfo',
  'integrity_check',
  'module_list',
  'pragma_list',
  'quick_check',
  'table_info',
  'table_list',
  'table_xinfo',
]);

/** They answer what holds; with a value they would change it. */
const READABLE: ReadonlySet<string> = new Set([
  'application_id',
  'auto_vacuum',
  'data_version',
  'encoding',
  'foreign_keys',
  'freelist_count',
  'journal_mode',
  'page_count',
  'page_size',
  'recursive_triggers',
  'schema_version',
  'synchronous',
  'user_version',
]);

/** What a value may change: the session's behaviour, or something in the file that has no other statement. */
const SETTABLE: ReadonlyMap<string, StatementClass> = new Map<string, StatementClass>([
  ['application_id', 'ddl'],
  ['defer_foreign_keys', 'control'],
  ['foreign_keys', 'control'],
  ['incremental_vacuum', 'ddl'],
  ['optimize', 'ddl'],
  ['recursive_triggers', 'control'],
  ['user_version', 'ddl'],
]);

/** They act also when no value is given. */
const ACTS: ReadonlySet<string> = new Set(['incremental_vacuum', 'optimize']);

/** How strict a PRAGMA is to be treated; null for those that reach files, limits or the schema's own text. */
export function pragmaClass(name: string, hasValue: boolean): StatementClass | null {
  const known = name.toLowerCase();
  if (ABOUT_OBJECTS.has(known)) return 'read';
  if (!hasValue && !ACTS.has(known)) return READABLE.has(known) ? 'read' : null;
  return SETTABLE.get(known) ?? null;
}
