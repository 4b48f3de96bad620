/**
 * What completion has to know of a database, small enough to be sent once and kept: names once each, columns as one
 * string a table that is taken apart only when the table is used. Pure; browsers read it with the same code.
 */
export interface SchemaIndex {
  readonly version: string;
  /** The names of types, which columns refer to by number. */
  readonly types: readonly string[];
  readonly schemas: readonly IndexedSchema[];
  /** Numbers of tables (counted over all schemas) and the columns of each. */
  readonly keys: readonly IndexedKey[];
}

export interface IndexedSchema {
  readonly name: string;
  readonly tables: readonly IndexedTable[];
  readonly routines: readonly (readonly [name: string, signature: string])[];
}

/** `kind` is the first letter of what it is: table, view, materialized view, foreign table, partitioned table. */
export type IndexedTable = readonly [name: string, kind: string, columns: string];

export type IndexedKey = readonly [
  table: number,
  columns: readonly string[],
  referenced: number,
  referencedColumns: readonly string[],
];

export interface IndexedColumn {
  readonly name: string;
  readonly type: string;
  readonly primaryKey: boolean;
}

const BETWEEN = '\t';
const BASE = 36;

export const NO_SCHEMA: SchemaIndex = { version: '', types: [], schemas: [], keys: [] };

/** `id*0⇥name 1`: the name, whether it is in the primary key, and the number of its type. */
export function packColumns(columns: readonly IndexedColumn[], typeNumber: (type: string) => number): string {
  return columns
    .filter(({ name }) => !name.includes(BETWEEN))
    .map(({ name, type, primaryKey }) => `${name}${primaryKey ? '*' : ' '}${typeNumber(type).toString(BASE)}`)
    .join(BETWEEN);
}

export function unpackColumns(columns: string, types: readonly string[]): IndexedColumn[] {
  if (columns === '') return [];
  return columns.split(BETWEEN).map((column) => {
    const mark = Math.max(column.lastIndexOf(' '), column.lastIndexOf('*'));
    return {
      name: column.slice(0, mark),
      type: types[Number.parseInt(column.slice(mark + 1), BASE)] ?? '',
      primaryKey: column[mark] === '*',
    };
  });
}
