import { lexisOf } from '../../../engines/lexis.js';
import { packColumns, type SchemaIndex } from '../../../engines/schema-index.js';
import { SchemaLookup } from './lookup.js';
import { suggest } from './suggest.js';
import type { Suggestion } from './suggestion.js';

const TYPES = ['integer', 'text', 'timestamptz'];
const columns = (list: string): string =>
  packColumns(
    list.split(' ').map((name) => ({
      name: name.replace(/[*#]$/, ''),
      type: name.endsWith('#') ? 'timestamptz' : name.endsWith('*') ? 'integer' : 'text',
      primaryKey: name.endsWith('*'),
    })),
    (type) => TYPES.indexOf(type),
  );

const INDEX: SchemaIndex = {
  version: '1',
  types: TYPES,
  schemas: [
    {
      name: 'public',
      tables: [
        ['customers', 't', columns('id* name country')],
        ['orders', 't', columns('id* customer_id status placed_at#')],
        ['order_lines', 't', columns('order_id line product_id quantity')],
        ['Odd Table', 't', columns('Id order plain')],
        ['monthly', 'v', columns('month revenue')],
      ],
      routines: [['total_of', 'order_id integer']],
    },
    { name: 'audit', tables: [['events', 't', columns('id* order_id')]], routines: [] },
  ],
  keys: [
    [1, ['customer_id'], 0, ['id']],
    [2, ['order_id'], 1, ['id']],
    [5, ['order_id'], 1, ['id']],
  ],
};
const LOOKUP = new SchemaLookup(INDEX);

/** The suggestions at the `|` of a text, best first. */
function at(marked: string, engine = 'postgres'): readonly Suggestion[] {
  const lexis = lexisOf(engine);
  if (lexis === null) throw new Error(`No lexis for ${engine}`);
  const place = marked.indexOf('|');
  const found = suggest(marked.replace('|', ''), place, { engine, lexis }, LOOKUP);
  return [...(found?.list ?? [])].sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0));
}
const labels = (marked: string, engine = 'postgres'): string[] =>
  at(marked, engine).map(({ label }) => label);
const ofType = (marked: string, type: Suggestion['type'], engine = 'postgres'): string[] =>
  at(marked, engine)
    .filter((suggestion) => suggestion.type === type)
    .map(({ label }) => label);

describe('In FROM', () => {
  it('tables come first, those of other schemas with their schema, odd names in quotes', () => {
    expect(ofType('select * from |', 'table')).toEqual([
      'customers',
      'orders',
      'order_lines',
      '"Odd Table"',
      'audit.events',
    ]);
    expect(ofType('select * from cu|', 'view')).toEqual(['monthly']);
    expect(ofType('select * from |', 'column')).toEqual([]);
  });

  it.each([
    'update |',
    'insert into |',
    'delete from |',
    'select 1 from orders, |',
    'truncate |',
    'select (select 1 from |)',
  ])('and so they do in %s', (text) => {
    expect(ofType(text, 'table')).toContain('orders');
  });

  it('queries of WITH come before tables', () => {
    expect(labels('with recent as (select 1) select * from |')[0]).toBe('recent');
  });

  it('a schema leads to its tables', () => {
    expect(labels('select * from audit.|')).toEqual(['events']);
  });

  it('nothing but keywords follows a table', () => {
    expect(ofType('select * from orders |', 'table')).toEqual([]);
    expect(labels('select * from orders o |')).toContain('where');
  });
});

describe('After JOIN', () => {
  it('tables come with their condition, along foreign keys in both directions', () => {
    expect(ofType('select * from customers c join o|', 'join')).toEqual(['orders o on o.customer_id = c.id']);
    expect(ofType('select * from orders o join |', 'join')).toEqual([
      'customers c on c.id = o.customer_id',
      'order_lines ol on ol.order_id = o.id',
      'audit.events e on e.order_id = o.id',
    ]);
  });

  it('ON is written as JOIN is', () => {
    expect(ofType('SELECT * FROM customers c JOIN |', 'join')).toEqual(['orders o ON o.customer_id = c.id']);
  });

  it('names stay whole where nobody uses aliases, and aliases stay apart', () => {
    expect(ofType('select * from customers join |', 'join')).toEqual([
      'orders on orders.customer_id = customers.id',
    ]);
    expect(ofType('select * from customers o join |', 'join')).toEqual([
      'orders o2 on o2.customer_id = o.id',
    ]);
  });

  it('the condition is proposed right behind ON', () => {
    expect(ofType('select * from customers c join orders o on |', 'join')).toEqual(['c.id = o.customer_id']);
    expect(ofType('select * from customers c join orders o on c.id = |', 'join')).toEqual([]);
  });
});

describe('Where a value may stand', () => {
  it('columns of the tables in FROM come first, also when FROM comes later', () => {
    const best = at('select | from orders').slice(0, 4);
    expect(best.map(({ label, type }) => [label, type])).toEqual([
      ['id', 'column'],
      ['customer_id', 'column'],
      ['status', 'column'],
      ['placed_at', 'column'],
    ]);
    expect(best[3]?.detail).toBe('orders timestamptz');
  });

  it('columns that several tables have come with the name of their table', () => {
    const found = ofType('select * from orders o join customers c on true where |', 'column');
    expect(found).toEqual(expect.arrayContaining(['o.id', 'c.id', 'status', 'name']));
    expect(found).not.toContain('id');
  });

  it('aliases are proposed, and lead to their columns', () => {
    expect(ofType('select * from orders o where |', 'alias')).toEqual(['o']);
    expect(labels('select o.| from orders o')).toEqual(['id', 'customer_id', 'status', 'placed_at']);
    expect(labels('select orders.st| from orders')).toContain('status');
    expect(labels('select public.orders.| from orders')).toContain('status');
  });

  it('an inner query sees its own tables first, then those around it', () => {
    const found = ofType('select * from customers c where exists (select 1 from orders o where |)', 'column');
    expect(found.indexOf('status')).toBeLessThan(found.indexOf('name'));
    expect(labels('select * from customers c where exists (select 1 from orders o where c.|)')).toContain(
      'country',
    );
  });

  it('a query sees nothing of the one that UNION joins to it', () => {
    const found = ofType('select id from customers union select | from orders', 'column');
    expect(found).toContain('status');
    expect(found).not.toContain('country');
  });

  it('columns of queries in FROM and in WITH are known', () => {
    expect(
      labels('select t.| from (select id, o.status s, count(*), max(id) as top from orders o) t'),
    ).toEqual(['id', 's', 'count', 'top']);
    expect(
      labels('with r as (select * from orders), q (a, b) as (select 1, 2) select q.| from q, r'),
    ).toEqual(['a', 'b']);
    expect(labels('with r as (select o.* from orders o) select r.| from r')).toContain('placed_at');
    expect(labels('with recursive r as (select * from r) select r.| from r')).toEqual([]);
  });

  it('names of the select list come in ORDER BY', () => {
    expect(ofType('select count(*) as many from orders group by status order by |', 'alias')).toContain(
      'many',
    );
  });

  it('functions of the database and of the server are there', () => {
    const found = ofType('select | from orders', 'function');
    expect(found).toEqual(expect.arrayContaining(['total_of', 'date_trunc', 'coalesce']));
    expect(ofType('select |', 'function', 'mysql')).toContain('date_format');
  });

  it.each([
    'update orders set |',
    'delete from orders where |',
    'select count(|) from orders',
    'select 1 from orders where id in (|)',
  ])('columns come in %s', (text) => {
    expect(ofType(text, 'column')).toContain('status');
  });

  it('the columns of INSERT INTO are those that are not there yet', () => {
    expect(labels('insert into orders (id, |')).toEqual(['customer_id', 'status', 'placed_at']);
  });

  it('operators and clauses follow a value, not another value', () => {
    expect(ofType('select id | from orders', 'column')).toEqual([]);
    expect(labels('select * | orders')).toContain('from');
    expect(labels('select * from orders where id |')).toEqual(expect.arrayContaining(['and', 'is not null']));
    expect(ofType('select id * | from orders', 'column')).toContain('id');
  });
});

describe('Names and keywords', () => {
  it('are quoted where the dialect needs it', () => {
    expect(ofType('select | from "Odd Table"', 'column')).toEqual(['"Id"', '"order"', 'plain']);
    expect(ofType('select | from `Odd Table`', 'column', 'mysql')).toEqual(['Id', '`order`', 'plain']);
  });

  it('are completed inside of quotes, with the quotes', () => {
    const found = at('select * from "Odd|');
    expect(found.map(({ apply }) => apply)).toContain('"Odd Table"');
    expect(found.every(({ type }) => type !== 'keyword')).toBe(true);
  });

  it('keep the typist’s case', () => {
    expect(labels('SEL|')).toContain('SELECT');
    expect(labels('sel|')).toContain('select');
    expect(labels('SELECT * FROM orders |')).toContain('WHERE');
    expect(labels('SELECT * FROM orders wh|')).toContain('where');
  });

  it('begin anew behind a semicolon', () => {
    expect(labels('select 1; |')).toContain('insert into');
  });

  it('are types behind a cast', () => {
    expect(labels('select id::|')).toContain('timestamptz');
  });

  it.each([
    `select 'a|`,
    'select 1 -- fr|',
    '/* fr| */ select 1',
    'select $$ a| $$',
    'select 12|',
    'where a = :na|',
  ])('are not proposed in %s', (text) => {
    expect(at(text)).toEqual([]);
  });

  it('never fail, wherever the cursor is', () => {
    const text = `with a as (select * from "x" join (select 1) b using (id)) insert into t (c) select a.*, (b) from a, f(1) g(h) union all ( values (1), (`;
    for (let place = 0; place <= text.length; place += 1) {
      const found = at(`${text.slice(0, place)}|${text.slice(place)}`);
      expect(Array.isArray(found)).toBe(true);
    }
  });
});
