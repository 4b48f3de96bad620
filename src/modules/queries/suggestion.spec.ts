import type { Catalog, EngineProblem, Statement } from '../../engines/engine.js';
import { didYouMean } from './suggestion.js';

const column = (name: string) => ({ name, type: 'text', nullable: true, default: null, primaryKey: false });
const table = (name: string, columns: string[]) => ({
  name,
  kind: 'table' as const,
  estimatedRows: null,
  columns: columns.map(column),
  foreignKeys: [],
  indexes: [],
  triggers: [],
});
const catalog: Catalog = {
  version: '1',
  schemas: [
    {
      name: 'public',
      tables: [table('orders', ['id', 'customer_id']), table('customers', ['id', 'name'])],
      routines: [],
    },
  ],
};
const problem = (code: string, message: string): EngineProblem => ({
  code,
  message,
  position: 0,
  hint: null,
  detail: null,
});
const statement = { tables: [{ name: 'orders', use: 'read' }] } as unknown as Statement;

it.each([
  ['42703', 'column "custmer_id" does not exist', 'Did you mean customer_id?'],
  ['42703', 'column o.cutsomer_id does not exist', 'Did you mean customer_id?'],
  ['42P01', 'relation "ordres" does not exist', 'Did you mean orders?'],
  ['42P01', 'relation "public.custmers" does not exist', 'Did you mean customers?'],
])('%s %s: %s', (code, message, expected) => {
  expect(didYouMean(problem(code, message), statement, catalog)).toBe(expected);
});

it.each([
  ['42703', 'column "something_else" does not exist'],
  ['42703', 'column "name" does not exist'],
  ['22012', 'division by zero'],
])('%s %s: nothing is close', (code, message) => {
  expect(didYouMean(problem(code, message), statement, catalog)).toBeNull();
});
