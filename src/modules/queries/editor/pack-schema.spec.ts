import { gzipSync } from 'node:zlib';
import type { Catalog, CatalogTable } from '../../../engines/engine.js';
import { packColumns, unpackColumns } from '../../../engines/schema-index.js';
import { schemaIndex } from './pack-schema.js';

const NOUNS = 'order customer invoice product stock price ledger account ticket event user session'.split(
  ' ',
);
const PARTS = 'id name status amount created_at updated_at note total currency country state code'.split(' ');
const TYPES = ['bigint', 'text', 'timestamp with time zone', 'numeric(12,2)', 'boolean', 'jsonb', 'uuid'];

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length] as T;

function table(number: number): CatalogTable {
  const noun = pick(NOUNS, number * 7);
  const columns = Array.from({ length: 12 }, (_, index) => ({
    name:
      index === 0 ? 'id' : `${pick(NOUNS, number * 31 + index * 5)}_${pick(PARTS, number * 13 + index * 3)}`,
    type: pick(TYPES, number * 3 + index),
    nullable: index > 0,
    default: null,
    primaryKey: index === 0,
  }));
  return {
    name: `${noun}_${pick(PARTS, number)}_${String(number * 7919)}`,
    kind: 'table',
    estimatedRows: number,
    columns,
    foreignKeys:
      number === 0
        ? []
        : [
            {
              name: `fk_${String(number)}`,
              columns: [columns[1]?.name ?? ''],
              referencedSchema: 'public',
              referencedTable: `${pick(NOUNS, 0)}_${pick(PARTS, 0)}_0`,
              referencedColumns: ['id'],
            },
          ],
    indexes: [],
    triggers: [],
  };
}

const catalog = (count: number): Catalog => ({
  version: 'v1',
  schemas: [
    {
      name: 'public',
      tables: Array.from({ length: count }, (_, number) => table(number)),
      routines: [{ name: 'total', kind: 'function', arguments: 'id bigint', returns: 'numeric' }],
    },
  ],
});

it('keeps what completion needs of a schema', () => {
  const index = schemaIndex(catalog(2));
  expect(index.schemas[0]?.tables.map(([name, kind]) => [name, kind])).toEqual([
    ['order_id_0', 't'],
    ['account_name_7919', 't'],
  ]);
  expect(index.keys).toEqual([[1, [expect.stringContaining('_') as string], 0, ['id']]]);
  expect(index.schemas[0]?.routines).toEqual([['total', 'id bigint']]);
  expect(unpackColumns(index.schemas[0]?.tables[0]?.[2] ?? '', index.types)[0]).toEqual({
    name: 'id',
    type: 'bigint',
    primaryKey: true,
  });
});

it('gives columns back as they were, whatever their names are', () => {
  const columns = ['a b', 'x*y', 'é😀', 'plain', ' '].map((name, index) => ({
    name,
    type: 'text',
    primaryKey: index % 2 === 0,
  }));
  expect(
    unpackColumns(
      packColumns(columns, () => 0),
      ['text'],
    ),
  ).toEqual(columns);
  expect(unpackColumns('', [])).toEqual([]);
});

it('leaves out a foreign key to what the catalog does not show', () => {
  const [first, second] = catalog(2).schemas[0]?.tables ?? [];
  if (first === undefined || second === undefined) throw new Error('There are no tables.');
  const lonely = { version: 'v1', schemas: [{ name: 'public', tables: [second], routines: [] }] };
  expect(schemaIndex(lonely).keys).toEqual([]);
});

it('of 10,000 tables with 12 columns each has at most 300 KB, compressed', () => {
  const size = gzipSync(JSON.stringify(schemaIndex(catalog(10_000))), { level: 9 }).length;
  expect(size).toBeGreaterThan(30_000);
  expect(size).toBeLessThan(300 * 1024);
});
