import { pragmaClass } from './pragmas.js';

/** Functions that reach code, files or the server's log, whether or not this build has them. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  'bytecode',
  'edit',
  'eval',
  'fsdir',
  'fts3_tokenizer',
  'load_extension',
  'lsdir',
  'readfile',
  'readzip',
  'sqlite_log',
  'tables_used',
  'writefile',
  'zipfile',
]);

/** Tables that are no tables: raw pages, and what runs in this process. */
const TABLES: ReadonlySet<string> = new Set(['sqlite_dbpage', 'sqlite_memstat', 'sqlite_stmt']);

/** What CREATE VIRTUAL TABLE may use: everything that keeps its data in the same file. */
const MODULES: ReadonlySet<string> = new Set([
  'fts3',
  'fts4',
  'fts4aux',
  'fts5',
  'fts5vocab',
  'geopoly',
  'rtree',
  'rtree_i32',
]);

const PRAGMA_TABLE = 'pragma_';

export const isDeniedFunction = (name: string): boolean => FUNCTIONS.has(name.toLowerCase());

export const isAllowedModule = (name: string): boolean => MODULES.has(name.toLowerCase());

/** `pragma_x` is the PRAGMA x as a table. */
export function isDeniedTable(name: string): boolean {
  const known = name.toLowerCase();
  if (!known.startsWith(PRAGMA_TABLE)) return TABLES.has(known);
  return pragmaClass(known.slice(PRAGMA_TABLE.length), false) !== 'read';
}
