import type { Catalog, CatalogTable } from '../../../engines/engine.js';
import { packColumns, type IndexedKey, type SchemaIndex } from '../../../engines/schema-index.js';

/** The index of a catalog. Foreign keys to what the catalog does not show are left out. */
export function schemaIndex(catalog: Catalog): SchemaIndex {
  const types = new Map<string, number>();
  const typeNumber = (type: string): number => {
    const known = types.get(type) ?? types.size;
    types.set(type, known);
    return known;
  };
  const schemas = catalog.schemas.map(({ name, tables, routines }) => ({
    name,
    tables: tables.map(
      (table) => [table.name, kindOf(table), packColumns(table.columns, typeNumber)] as const,
    ),
    routines: routines.map((routine) => [routine.name, routine.arguments] as const),
  }));
  return { version: catalog.version, types: [...types.keys()], schemas, keys: keysOf(catalog) };
}

function kindOf({ kind }: CatalogTable): string {
  return kind.charAt(0);
}

function keysOf(catalog: Catalog): IndexedKey[] {
  const all = catalog.schemas.flatMap((schema) =>
    schema.tables.map((table) => ({ schema: schema.name, table })),
  );
  const numbers = new Map(all.map(({ schema, table }, number) => [keyOf(schema, table.name), number]));
  return all.flatMap(({ table }, number) =>
    table.foreignKeys.flatMap((key): IndexedKey[] => {
      const referenced = numbers.get(keyOf(key.referencedSchema, key.referencedTable));
      return referenced === undefined ? [] : [[number, key.columns, referenced, key.referencedColumns]];
    }),
  );
}

function keyOf(schema: string, table: string): string {
  return JSON.stringify([schema, table]);
}
