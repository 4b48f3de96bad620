import type { Catalog, CatalogColumn, CatalogSchema, CatalogTable } from '../../../engines/engine.js';

/** A table, or a column of it, whose name has what was looked for. */
export interface SchemaMatch {
  readonly schema: CatalogSchema;
  readonly table: CatalogTable;
  /** Null when the table itself is meant. */
  readonly column: CatalogColumn | null;
  /** Where in the name. */
  readonly at: number;
  /** Lower is better. */
  readonly rank: number;
}

interface Named extends Omit<SchemaMatch, 'at' | 'rank'> {
  readonly key: string;
}

const indexes = new WeakMap<Catalog, readonly Named[]>();

/** The best matches first: whole names, beginnings of names, of words in names, then anywhere; tables before columns. */
export function searchSchema(catalog: Catalog, query: string, limit: number): SchemaMatch[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const dot = wanted.lastIndexOf('.');
  const inTable = dot < 0 ? '' : wanted.slice(0, dot);
  const name = wanted.slice(dot + 1);
  const ranked: SchemaMatch[][] = [[], [], [], [], [], [], [], []];
  for (const entry of indexOf(catalog)) {
    const at = entry.key.indexOf(name);
    if (at < 0 || (inTable !== '' && !isInside(entry, inTable))) continue;
    const rank = 2 * rankOf(entry.key, name, at) + (entry.column === null ? 0 : 1);
    const { schema, table, column } = entry;
    const matches = ranked[rank] ?? [];
    if (matches.length < limit) matches.push({ schema, table, column, at, rank });
  }
  return ranked.flat().slice(0, limit);
}

/** `orders.cust` looks for columns in tables like that, `audit.ord` for tables in schemas like that. */
function isInside({ schema, table, column }: Named, inside: string): boolean {
  return (column === null ? schema.name : table.name).toLowerCase().includes(inside);
}

function rankOf(key: string, name: string, at: number): number {
  if (key.length === name.length) return 0;
  if (at === 0) return 1;
  return /[\W_]/.test(key.charAt(at - 1)) ? 2 : 3;
}

/** All names in lower case, made once for each catalog. */
function indexOf(catalog: Catalog): readonly Named[] {
  const known = indexes.get(catalog);
  if (known !== undefined) return known;
  const made = catalog.schemas.flatMap((schema) =>
    schema.tables.flatMap((table) => [
      { schema, table, column: null, key: table.name.toLowerCase() },
      ...table.columns.map((column) => ({ schema, table, column, key: column.name.toLowerCase() })),
    ]),
  );
  indexes.set(catalog, made);
  return made;
}
