export const many = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join(', ');

/** For every rule: statements that it has to find, and twins that it has to leave alone. */
export type Fixtures = Readonly<Record<string, readonly [bad: readonly string[], good: readonly string[]]>>;

export const CHANGE_FIXTURES: Fixtures = {
  update_without_where: [
    [
      'update t set a = 1',
      '/* where */ update "T" as x set a = 1 -- where',
      'with c as (select 1) update t set a = 1',
    ],
    ['update t set a = 1 where id = 2', 'update t as x set a = 1 from u where u.id = x.id'],
  ],
  delete_without_where: [['delete from t', 'delete from "where"'], ['delete from t where id = 1']],
  where_always_true: [
    ['update t set a = 1 where true', 'delete from t where 1 = 1', `delete from t where 'a' = 'a'`],
    ['delete from t where a = b', 'delete from t where 1 = a'],
  ],
  truncate: [['truncate t', 'truncate only s."T" restart identity'], ['delete from truncate where id = 1']],
  truncate_cascade: [['truncate t cascade'], ['truncate t', 'truncate t restrict']],
  update_from_unrelated: [
    ['update t set a = u.a from u', 'update t set a = u.a from u where u.b = 1'],
    [
      'update t set a = u.a from u where u.id = t.id',
      'update t x set a = 1 from u where x.id = u.t_id and u.b = 1',
    ],
  ],
  delete_using_unrelated: [
    ['delete from t using u where u.a = 1'],
    ['delete from t using u where t.id = u.id'],
  ],
  insert_without_columns: [
    ['insert into t values (1, 2)', 'insert into t select a, b from u where a > 1'],
    ['insert into t (a, b) values (1, 2)', 'insert into t default values'],
  ],
  insert_many_rows: [
    [`insert into t (a) values ${many(1001, (index) => `(${String(index)})`)}`],
    [`insert into t (a) values ${many(1000, (index) => `(${String(index)})`)}`],
  ],
  insert_whole_table: [
    ['insert into t (a) select a from u', 'insert into t (a) select a from u x'],
    [
      'insert into t (a) select a from u where a > 1',
      'insert into t (a) select 1',
      'insert into t (a) select a from u limit 5',
    ],
  ],
  on_conflict_without_target: [
    ['insert into t (a) values (1) on conflict do nothing'],
    ['insert into t (a) values (1) on conflict (a) do nothing', 'insert into t (a) values (1)'],
  ],
  merge_always_matches: [
    ['merge into t using u on true when matched then delete'],
    ['merge into t using u on t.id = u.id when matched then delete'],
  ],
  write_in_with: [
    ['with gone as (delete from t where a = 1 returning *) select count(*) from gone'],
    ['with kept as (select * from t where a = 1) select count(*) from kept'],
  ],
  returning_star: [
    ['delete from t where id = 1 returning *', 'insert into t (a) values (1) returning t.*'],
    ['delete from t where id = 1 returning id'],
  ],
  set_to_itself: [
    ['update t set a = a where id = 1', 'update t x set a = x.a where id = 1'],
    ['update t set a = b where id = 1'],
  ],
  lock_table: [['lock table t'], ['select 1']],
  for_update_without_where: [
    ['select id from t for update', 'select id from t x for share'],
    ['select id from t where id = 1 for update'],
  ],
  add_not_null_without_default: [
    ['alter table t add column a int not null', 'alter table t add a int not null, drop column b'],
    [
      'alter table t add column a int not null default 1',
      'alter table t add column a int',
      'alter table t add a int not null generated always as identity',
    ],
  ],
  add_column_rewrites: [
    [
      'alter table t add a uuid default gen_random_uuid()',
      'alter table t add a float8 default random()::float8',
    ],
    ['alter table t add a timestamptz default now()', 'alter table t add a int default 5'],
  ],
  alter_type_rewrites: [
    ['alter table t alter column a type bigint'],
    ['alter table t alter column a set default 1'],
  ],
  set_not_null_scans: [['alter table t alter a set not null'], ['alter table t alter a drop not null']],
  check_without_not_valid: [
    ['alter table t add constraint c check (a > 1)'],
    ['alter table t add constraint c check (a > 1) not valid'],
  ],
  foreign_key_without_not_valid: [
    ['alter table t add foreign key (a) references u (id)'],
    [
      'alter table t add foreign key (a) references u (id) not valid',
      'create table t (id bigint primary key, a int references u (id))',
    ],
  ],
  unique_builds_index: [
    ['alter table t add unique (a)'],
    ['alter table t add constraint c unique using index i'],
  ],
  primary_key_builds_index: [
    ['alter table t add primary key (a)'],
    ['alter table t add primary key using index i'],
  ],
  drop_column: [
    ['alter table t drop column a', 'alter table only s.t drop a cascade'],
    ['alter table t add column a int'],
  ],
  drop_constraint: [['alter table t drop constraint c'], ['alter table t validate constraint c']],
  drop_not_null: [['alter table t alter a drop not null'], ['alter table t alter a drop default']],
  rename_column: [
    ['alter table t rename column a to b', 'alter table t rename a to b'],
    ['alter table t rename to u'],
  ],
  rename_table: [['alter table t rename to u'], ['alter index i rename to j', 'alter table t rename a to b']],
  disable_trigger: [
    ['alter table t disable trigger x', 'alter table t disable trigger user'],
    ['alter table t enable trigger x'],
  ],
  disable_row_security: [
    ['alter table t disable row level security'],
    ['alter table t enable row level security'],
  ],
  several_alters: [
    ['alter table t add a int, add b int, add c int, add d int'],
    ['alter table t add a int, add b int, add c int'],
  ],
  index_locks_writes: [
    ['create index i on t (a)', 'create unique index i on t (lower(a))'],
    ['create index concurrently i on t (a)'],
  ],
  wide_index: [
    ['create index concurrently i on t (a, b, c, d, e, f)'],
    ['create index concurrently i on t (a, b)'],
  ],
  hash_index: [
    ['create index concurrently i on t using hash (a)'],
    ['create index concurrently i on t using btree (a)'],
  ],
  unnamed_index: [['create index on t (a)'], ['create index concurrently i on t (a)']],
  drop_index_locks: [['drop index i'], ['drop index concurrently i', 'drop table t']],
  reindex_locks: [
    ['reindex table t', 'reindex index i'],
    ['reindex (concurrently) table t', 'reindex index concurrently i'],
  ],
  drop: [['drop table t', 'drop view if exists v'], ['alter table t add column a int']],
  drop_cascade: [['drop table t cascade'], ['drop table t']],
  drop_schema: [['drop schema s'], ['drop table s.t']],
  drop_policy: [['drop policy p on t'], ['create policy p on t using (true)']],
  drop_without_if_exists: [['drop table t'], ['drop table if exists t']],
  vacuum_full: [
    ['vacuum full t', 'vacuum (full, analyze) t'],
    ['vacuum t', 'analyze t'],
  ],
  cluster: [['cluster t using i'], ['analyze t']],
  refresh_locks_readers: [['refresh materialized view v'], ['refresh materialized view concurrently v']],
  enum_value: [[`alter type e add value 'x'`], [`alter type e rename value 'x' to 'y'`]],
};
