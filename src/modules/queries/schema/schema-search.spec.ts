import type { Catalog, CatalogTable } from '../../../engines/engine.js';
import { searchSchema } from './schema-search.js';

function table(name: string, ...columns: readonly string[]): CatalogTable {
  return {
    name,
    kind: 'table',
    estimatedRows: null,
    columns: columns.map((column) => ({
      name: column,
      type: 'text',
      nullable: true,
      default: null,
      primaryKey: false,
    })),
    foreignKeys: [],
    indexes: [],
    triggers: [],
  };
}

const catalog: Catalog = {
  version: 'x',
  schemas: [
    {
      name: 'public',
      tables: [
        table('customers', 'id', 'email', 'order_count'),
        table('order_lines', 'order_id', 'product_id'),
        table('orders', 'id', 'customer_id'),
        table('reorders', 'id'),
      ],
      routines: [],
    },
    { name: 'audit', tables: [table('orders', 'id', 'at')], routines: [] },
  ],
};

const found = (query: string, limit = 50): string[] =>
  searchSchema(catalog, query, limit).map(({ schema, table: { name }, column }) =>
    [schema.name, name, column?.name].filter((part) => part !== undefined).join('.'),
  );

it('finds whole names first, then beginnings, then words, then anything; tables before their columns', () => {
  expect(found('orders')).toEqual(['public.orders', 'audit.orders', 'public.reorders']);
  expect(found('order')).toEqual([
    'public.order_lines',
    'public.orders',
    'audit.orders',
    'public.customers.order_count',
    'public.order_lines.order_id',
    'public.reorders',
  ]);
  expect(found('ID').slice(0, 3)).toEqual(['public.customers.id', 'public.orders.id', 'public.reorders.id']);
});

it('looks inside of a table or a schema that is named', () => {
  expect(found('customers.ord')).toEqual(['public.customers.order_count']);
  expect(found('audit.ord')).toEqual(['audit.orders']);
});

it('finds nothing for nothing, no more than asked for, and says where in the name', () => {
  expect(found('  ')).toEqual([]);
  expect(found('nowhere')).toEqual([]);
  expect(found('i', 2)).toHaveLength(2);
  expect(searchSchema(catalog, 'mail', 1)[0]?.at).toBe(1);
});
