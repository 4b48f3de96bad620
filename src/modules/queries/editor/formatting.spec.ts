import { formatText } from './formatting.js';

it('lays a statement out and keeps its words as they were written', () => {
  const { sql, problem } = formatText(
    'select c.country, COUNT(*) from orders o join customers c on c.id=o.customer_id where o.id = :id and o.total::int > 5 group by 1',
    'postgres',
  );
  expect(problem).toBeNull();
  expect(sql.split('\n').length).toBeGreaterThan(5);
  expect(sql).toContain('COUNT(*)');
  expect(sql).toContain('o.total::int > 5');
  expect(sql).toContain(':id');
});

it.each([
  [
    'postgres',
    `select data ->> 'a', data #>> '{a,b}', tags ?| array['x'], x::numeric(10, 2) from t -- why\n;\nselect 2`,
  ],
  ['postgres', `create function f() returns int language plpgsql as $$ begin return 1 ; end $$`],
  ['mysql', 'select `a b`, "x" from t where a <=> b # comment\n'],
  ['sqlite', 'select [a b] from t where a glob :p'],
])('changes nothing but white space in %s: %s', (engine, text) => {
  const { sql } = formatText(text, engine);
  const bare = (value: string) => value.replace(/\s+/g, '');
  expect(bare(sql)).toBe(bare(text));
});

it.each([
  ['postgres', 'select ((('],
  ['postgres', "select 'open"],
  ['mongodb', 'db.orders.find({})'],
  ['postgres', 'select 1;'.repeat(30_000)],
])('leaves what it cannot lay out as it is: %s %.20s', (engine, text) => {
  const { sql, problem } = formatText(text, engine);
  expect(sql).toBe(text);
  expect(problem).toMatch(/^(?:The text|Statements)/);
});

it('formats what it formatted to the same', () => {
  const once = formatText(
    'select a,b from t where x in (1,2) order by a; update t set a=1 where b=2',
    'postgres',
  ).sql;
  expect(formatText(once, 'postgres').sql).toBe(once);
});
