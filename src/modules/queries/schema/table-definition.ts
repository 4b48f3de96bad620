import type { CatalogColumn, CatalogForeignKey, CatalogTable, EngineKind } from '../../../engines/engine.js';
import { quoteName, quotePath } from '../../../engines/identifiers.js';

/**
 * The statements that would make a table, as far as the catalog tells: columns, keys, indexes and triggers. Checks,
 * comments and rights are not in the catalog.
 */
export function tableDefinition(kind: EngineKind, schema: string, table: CatalogTable): string {
  const quote = (name: string): string => quoteName(kind, name);
  const list = (names: readonly string[]): string => names.map(quote).join(', ');
  const key = table.columns.filter((column) => column.primaryKey).map((column) => column.name);
  const lines = [
    ...table.columns.map((column) => columnLine(column, quote)),
    ...(key.length === 0 ? [] : [`primary key (${list(key)})`]),
    ...table.foreignKeys.map((foreign) => foreignKeyLine(kind, foreign)),
  ];
  const body = lines.length === 0 ? '()' : `(\n  ${lines.join(',\n  ')}\n)`;
  const create = `create table ${quotePath(kind, schema, table.name)} ${body}`;
  const indexes = table.indexes.filter((index) => !index.primary).map((index) => index.definition);
  const triggers = table.triggers.map((trigger) => trigger.definition);
  return [create, ...indexes, ...triggers].map((statement) => `${statement};`).join('\n\n');
}

function columnLine(column: CatalogColumn, quote: (name: string) => string): string {
  const required = column.nullable || column.primaryKey ? '' : ' not null';
  const standard = column.default === null ? '' : ` default ${column.default}`;
  return `${quote(column.name)} ${column.type}${required}${standard}`;
}

function foreignKeyLine(kind: EngineKind, key: CatalogForeignKey): string {
  const list = (names: readonly string[]): string => names.map((name) => quoteName(kind, name)).join(', ');
  const target = quotePath(kind, key.referencedSchema, key.referencedTable);
  return `constraint ${quoteName(kind, key.name)} foreign key (${list(key.columns)}) references ${target} (${list(key.referencedColumns)})`;
}
