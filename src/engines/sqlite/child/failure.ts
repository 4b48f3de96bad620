const NAMES: readonly string[] = [
  'OK',
  'ERROR',
  'INTERNAL',
  'PERM',
  'ABORT',
  'BUSY',
  'LOCKED',
  'NOMEM',
  'READONLY',
  'INTERRUPT',
  'IOERR',
  'CORRUPT',
  'NOTFOUND',
  'FULL',
  'CANTOPEN',
  'PROTOCOL',
  'EMPTY',
  'SCHEMA',
  'TOOBIG',
  'CONSTRAINT',
  'MISMATCH',
  'MISUSE',
  'NOLFS',
  'AUTH',
  'FORMAT',
  'RANGE',
  'NOTADB',
];

/** Those that tell a person or the parent more than the name they extend. */
const EXTENDED: ReadonlyMap<number, string> = new Map([
  [264, 'READONLY_RECOVERY'],
  [275, 'CONSTRAINT_CHECK'],
  [517, 'BUSY_SNAPSHOT'],
  [776, 'READONLY_ROLLBACK'],
  [787, 'CONSTRAINT_FOREIGNKEY'],
  [1288, 'READONLY_CANTINIT'],
  [1299, 'CONSTRAINT_NOTNULL'],
  [1555, 'CONSTRAINT_PRIMARYKEY'],
  [1811, 'CONSTRAINT_TRIGGER'],
  [2067, 'CONSTRAINT_UNIQUE'],
  [2579, 'CONSTRAINT_ROWID'],
  [3091, 'CONSTRAINT_DATATYPE'],
]);

/** SQLite's name for an error: `SQLITE_CONSTRAINT_UNIQUE`. */
export function codeOf(error: unknown): string {
  const number = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 1;
  return `SQLITE_${EXTENDED.get(number) ?? NAMES[number & 0xff] ?? 'ERROR'}`;
}
