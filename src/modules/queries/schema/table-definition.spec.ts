import type { CatalogTable } from '../../../engines/engine.js';
import { tableDefinition } from './table-definition.js';

const column = (name: string, type: string, more: object = {}): CatalogTable['columns'][number] => ({
  name,
  type,
  nullable: true,
  default: null,
  primaryKey: false,
  ...more,
});

const orders: CatalogTable = {
  name: 'Orders',
  kind: 'table',
  estimatedRows: 10,
  columns: [
    column('id', 'bigint', { nullable: false, primaryKey: true, default: `nextval('s'::regclass)` }),
    column('customer_id', 'bigint', { nullable: false }),
    column('order', 'text'),
  ],
  foreignKeys: [
    {
      name: 'orders_customer',
      columns: ['customer_id'],
      referencedSchema: 'crm',
      referencedTable: 'customers',
      referencedColumns: ['id'],
    },
  ],
  indexes: [
    { name: 'orders_pkey', unique: true, primary: true, definition: 'create unique index orders_pkey' },
    { name: 'orders_order', unique: false, primary: false, definition: 'create index orders_order on x (y)' },
  ],
  triggers: [{ name: 'touch', definition: 'create trigger touch after insert on x execute function f()' }],
};

it('a table is written with its columns, keys, indexes and triggers', () => {
  expect(tableDefinition('postgres', 'public', orders)).toBe(`create table "Orders" (
  id bigint default nextval('s'::regclass),
  customer_id bigint not null,
  "order" text,
  primary key (id),
  constraint orders_customer foreign key (customer_id) references crm.customers (id)
);

create index orders_order on x (y);

create trigger touch after insert on x execute function f();`);
});

it('a table without columns is one too', () => {
  const nothing = { ...orders, columns: [], foreignKeys: [], indexes: [], triggers: [] };
  expect(tableDefinition('mysql', 'shop', nothing)).toBe('create table Orders ();');
});
