import { many, type Fixtures } from './review.fixtures.js';

/** Of the rules about new tables and about queries. */
export const READ_FIXTURES: Fixtures = {
  table_without_key: [
    ['create table t (a int)', 'create table "T" (a int unique)'],
    [
      'create table t (a int primary key)',
      'create table t (a int, b int, primary key (a, b))',
      'create table p partition of t default',
    ],
  ],
  char_type: [
    ['create table t (id bigint primary key, a char(3))', 'alter table t add a character(2)'],
    ['create table t (id bigint primary key, a text)', 'select char_length(a) from t limit 1'],
  ],
  timestamp_type: [
    ['create table t (id bigint primary key, a timestamp)'],
    ['create table t (id bigint primary key, a timestamptz)', 'select now()::timestamp'],
  ],
  timetz_type: [['alter table t add a time with time zone'], ['alter table t add a time']],
  serial_type: [
    ['create table t (id bigserial primary key)'],
    ['create table t (id bigint generated always as identity primary key)'],
  ],
  money_type: [['alter table t add a money'], ['alter table t add money numeric']],
  json_type: [['alter table t add a json'], ['alter table t add json jsonb']],
  float_for_money: [
    ['alter table t add unit_price float8', 'create table t (id bigint primary key, total real)'],
    ['alter table t add ratio float8', 'alter table t add unit_price numeric'],
  ],
  small_key: [
    ['create table t (id int primary key)', 'create table t (id serial primary key)'],
    ['create table t (id bigint primary key)', 'create table t (id bigint primary key, n int)'],
  ],
  quoted_name: [
    ['create table "Order" (id bigint primary key)', 'alter table t add "First Name" text'],
    ['create table "orders" (id bigint primary key)'],
  ],
  many_columns: [
    [`create table t (id bigint primary key, ${many(101, (index) => `c${String(index)} int`)})`],
    [`create table t (id bigint primary key, ${many(90, (index) => `c${String(index)} int`)})`],
  ],
  cascade_delete: [
    ['create table t (id bigint primary key, a int references u on delete cascade)'],
    ['create table t (id bigint primary key, a int references u on delete restrict)'],
  ],
  table_from_query: [['create table t as select 1 as a'], ['create view v as select 1 as a']],
  unlogged_table: [
    ['create unlogged table t (id bigint primary key)'],
    ['create table t (id bigint primary key)'],
  ],
  trigger: [['create trigger x after insert on t for each row execute function f()'], ['select f()']],
  rule: [['create rule r as on delete to t do instead nothing'], ['select 1']],
  security_definer: [
    [`create function f() returns int language sql security definer as 'select 1'`],
    [
      `create function f() returns int language sql security definer set search_path = s as 'select 1'`,
      `create function f() returns int language sql as 'select 1'`,
    ],
  ],
  function_replaced: [
    [`create or replace function f() returns int language sql as 'select 1'`],
    [`create function f() returns int language sql as 'select 1'`],
  ],
  do_block: [['do $$ begin null; end $$'], ['select 1']],
  select_star: [
    [
      'select * from t where id = 1',
      'select x.* from t x limit 1',
      'with c as (select * from t where a = 1) select a from c where a = 1',
    ],
    ['select count(*) from t', 'select a from t where id = 1'],
  ],
  cartesian_join: [
    [
      'select a.x from a, b',
      'select 1 from a cross join b',
      'select 1 from a join b on true',
      'select 1 from a join b on 1 = 1',
    ],
    [
      'select 1 from a, b where a.id = b.id',
      'select 1 from a join b using (id)',
      'select 1 from a join b on a.id = b.id',
      'select 1 from a, unnest(a.list) x',
    ],
  ],
  missing_limit: [
    ['select a from t', 'select a from t x order by a'],
    [
      'select a from t limit 5',
      'select a from t where b = 1',
      'select count(*) from t',
      'select a, max(b) from t group by a',
      'select 1',
    ],
  ],
  leading_wildcard: [
    [`select a from t where a like '%x'`, `select a from t where a ilike '_x%'`],
    [`select a from t where a like 'x%'`],
  ],
  not_in_subquery: [
    ['select a from t where a not in (select b from u)'],
    [
      'select a from t where a in (select b from u)',
      'select a from t where a not in (1, 2)',
      'select a from t where not exists (select 1 from u)',
    ],
  ],
  compares_with_null: [
    ['select a from t where a = null', 'update t set b = 1 where null <> a'],
    ['select a from t where a is null', 'update t set a = null where id = 1'],
  ],
  far_offset: [
    ['select a from t order by a limit 5 offset 5000'],
    ['select a from t order by a limit 5 offset 10'],
  ],
  order_by_random: [
    ['select a from t order by random() limit 1'],
    ['select random() from t order by a limit 1'],
  ],
  order_by_position: [['select a from t order by 1 limit 1'], ['select a from t order by a limit 1']],
  group_by_position: [['select a, count(*) from t group by 1'], ['select a, count(*) from t group by a']],
  limit_without_order: [
    ['select a from t limit 5'],
    ['select a from t order by a limit 5', 'select count(*) from t limit 1'],
  ],
  distinct_on_without_order: [
    ['select distinct on (a) a, b from t where a = 1'],
    ['select distinct on (a) a, b from t where a = 1 order by a, b', 'select distinct a from t where a = 1'],
  ],
  union_distinct: [['select 1 union select 2'], ['select 1 union all select 2', 'select 1 except select 2']],
  function_on_column: [[`select a from t where lower(a) = 'x'`], [`select a from t where a = lower('X')`]],
  natural_join: [['select 1 from a natural join b'], ['select 1 from a join b using (id)']],
  many_joins: [
    [
      `select 1 from t0 ${Array.from({ length: 9 }, (_, index) => `join t${String(index + 1)} using (id)`).join(' ')}`,
    ],
    ['select 1 from a join b using (id) join c using (id)'],
  ],
  deep_nesting: [
    [`select 1 where 1 in ${'(select 1 where 1 in '.repeat(7)}(select 1)${')'.repeat(7)}`],
    ['select 1 where 1 in (select 1 where 1 in (select 1))'],
  ],
  long_list: [
    [`select a from t where a in (${many(501, String)})`],
    ['select a from t where a in (1, 2, 3)'],
  ],
  having_without_group: [
    ['select count(*) from t having count(*) > 1'],
    ['select a, count(*) from t group by a having count(*) > 1'],
  ],
  endless_recursion: [
    ['with recursive n as (select 1 as i union all select i + 1 from n) select i from n limit 5'],
    [
      'with recursive n as (select 1 as i union all select i + 1 from n where i < 9) select i from n',
      'with n as (select 1 union all select 2) select 1 from n limit 1',
    ],
  ],
  or_across_columns: [
    [`select a from t where a = 1 or b = 2`],
    ['select a from t where a = 1 or a = 2', 'select a from t where a = 1 and b = 2'],
  ],
  count_column: [['select count(a) from t'], ['select count(*) from t', 'select count(distinct a) from t']],
};
