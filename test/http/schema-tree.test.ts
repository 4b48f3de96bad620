import type { SchemaTree, TreeNode } from '../../src/modules/queries/schema/schema-tree.view.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';

const EVIL = '"><img src=x>\'';
const SETUP = `
  create schema audit;
  create table audit.entries (id bigint primary key);
  create table customers (id bigint primary key, email text not null default 'x');
  create table orders (id bigint primary key, customer_id bigint references customers (id), "Order" text);
  create index orders_order on orders ("Order");
  create view open_orders as select id from orders;
  create function total(of bigint) returns bigint language sql as 'select 1::bigint';
  create table "${EVIL.replaceAll('"', '""')}" (id int);
`;

let product: Product;
let databaseId: string;

beforeAll(async () => {
  product = await startProduct();
  databaseId = await made('treed');
  const answer = await product.api('POST', '/queries/sql', { databaseId, sql: SETUP });
  expect(answer.json<{ results: { error: unknown }[] }>().results.map(({ error }) => error)).toEqual(
    Array.from({ length: 8 }, () => null),
  );
}, 120_000);

afterAll(async () => {
  await product.close();
});

async function made(name: string): Promise<string> {
  const answer = await product.api('POST', '/databases', { name, engine: 'postgres', template: 'blank' });
  return answer.json<{ id: string }>().id;
}

async function tree(query = ''): Promise<SchemaTree> {
  return (await product.api('GET', `/queries/schema/tree?databaseId=${databaseId}${query}`)).json();
}

const names = (nodes: readonly TreeNode[] | undefined): string[] => (nodes ?? []).map(({ name }) => name);
const at = (branch: string): string => `&branch=${encodeURIComponent(branch)}`;

it('the root has the schemas, with that one open that needs no name', async () => {
  const { nodes, tables, running } = await tree();
  expect({ tables, running }).toEqual({ tables: 5, running: true });
  expect(nodes.map(({ name, open }) => [name, open])).toEqual([
    ['audit', false],
    ['public', true],
  ]);
  expect(names(nodes[1]?.children?.nodes)).toEqual([EVIL, 'customers', 'open_orders', 'orders', 'Functions']);
});

it('a schema has its tables, a table its columns with keys and types, and what else belongs to it', async () => {
  const {
    nodes: [entries],
  } = await tree(at('schema:audit'));
  expect(entries).toMatchObject({ name: 'entries', insert: 'audit.entries', kind: 'table' });
  const { nodes } = await tree(at('table:public/orders'));
  expect(nodes.map(({ name, mark, detail, insert }) => [name, mark, detail, insert])).toEqual([
    ['id', 'PK', 'bigint', 'id'],
    ['customer_id', 'FK', '→ customers', 'customer_id'],
    ['Order', '', 'text', '"Order"'],
    ['Foreign keys', null, '1', null],
    ['Indexes', null, '2', null],
  ]);
  expect(names(nodes[4]?.children?.nodes)).toEqual(['orders_order', 'orders_pkey']);
  const {
    nodes: [routine],
  } = await tree(at('routines:public'));
  expect(routine).toMatchObject({ name: 'total', insert: 'total()', detail: 'bigint' });
});

it('finds tables and columns, and says where in the name', async () => {
  const { nodes } = await tree('&q=ORD');
  expect(nodes.map(({ name, hit }) => [name, hit?.before, hit?.match])).toEqual([
    ['orders', '', 'ord'],
    ['Order', 'orders.', 'Ord'],
    ['open_orders', 'open_', 'ord'],
  ]);
  expect((await tree('&q=nowhere')).empty).toContain('nowhere');
});

it('writes the definition of a table, and of nothing else', async () => {
  const ask = async (table: string): Promise<{ status: number; sql: string }> => {
    const url = `/queries/schema/definition?databaseId=${databaseId}&schema=public&table=${table}`;
    const answer = await product.api('GET', url);
    return { status: answer.statusCode, sql: answer.json<{ sql: string }>().sql };
  };
  const { sql } = await ask('orders');
  expect(sql).toContain('foreign key (customer_id) references customers (id)');
  expect(sql).toContain('CREATE INDEX orders_order');
  expect((await ask('open_orders')).status).toBe(404);
  expect((await ask('absent')).status).toBe(404);
});

it.each(['schema:absent', 'table:public/absent', 'nonsense', 'table:public'])(
  'answers 404 for the branch %s',
  async (branch) => {
    const url = `/queries/schema/tree?databaseId=${databaseId}${at(branch)}`;
    expect((await product.api('GET', url)).statusCode).toBe(404);
  },
);

it('does not exist for another tenant', async () => {
  const { token } = await makeSession(product.app, {});
  for (const path of ['tree?', 'definition?schema=public&table=orders&']) {
    const url = `/api/v1/queries/schema/${path}databaseId=${databaseId}`;
    const answer = await product.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
    expect(answer.statusCode).toBe(404);
  }
});

it('leaves a stopped database asleep, and reads it again when it runs and somebody asks', async () => {
  const id = await made('asleep');
  const ask = async (more = ''): Promise<SchemaTree> =>
    (await product.api('GET', `/queries/schema/tree?databaseId=${id}${more}`)).json();
  expect((await ask()).tables).toBe(0);
  await product.api('POST', `/databases/${id}/stop`, {});
  expect(await ask()).toMatchObject({ running: false, nodes: [] });
  const state = await product.api('GET', `/databases/${id}`);
  expect(state.json()).toMatchObject({ status: 'stopped' });
  await product.api('POST', '/queries/sql', { databaseId: id, sql: 'create table fresh (id int)' });
  expect((await ask('&refresh=1')).tables).toBe(1);
});

it('is a fragment, a part and a page, in which names are text', async () => {
  const url = `/queries/schema/tree?databaseId=${databaseId}`;
  const swap = { 'hx-request': 'true', 'hx-request-type': 'partial' };
  const whole = await product.browse({ method: 'GET', url, headers: swap });
  expect(whole.body).toMatch(/^<section class="tree" id="schema-tree"/);
  const part = await product.browse({ method: 'GET', url: `${url}&q=img&part=1`, headers: swap });
  expect(part.body).toMatch(/^<div class="branch" id="branch-search"/);
  const page = await product.browse({ method: 'GET', url });
  expect(page.body).toContain('<h1>Schema of treed</h1>');
  for (const { body } of [whole, part, page]) expect(body).not.toContain('<img src=x>');
  for (const { body } of [whole, page]) expect(body).toContain('&quot;&gt;&lt;img src');
  expect(part.body).toContain('&lt;<mark>img</mark> src');
});
