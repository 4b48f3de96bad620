const START =
  'select|insert into|update|delete from|with|create table|create index|create view|alter table|drop table|truncate|' +
  'explain|begin|commit|rollback|set|show|values|merge into|call|grant|analyze|vacuum';

const CLAUSES =
  'from|where|group by|order by|having|limit|offset|join|left join|right join|inner join|full join|cross join|' +
  'natural join|on|using|union|union all|intersect|except|as|asc|desc|nulls first|nulls last|returning|set|values|' +
  'on conflict|do nothing|do update set|for update|window|and|or|not|in|is null|is not null|between|like|ilike|' +
  'exists|then|else|end|when|over|partition by|filter|rows between|with ordinality|lateral|default values|' +
  'add column|drop column|alter column|rename to|rename column|primary key|foreign key|references|unique|' +
  'not null|default|check|constraint|cascade|if exists|if not exists|collate|fetch first|is distinct from|similar to';

const VALUES =
  'case|when|not|null|true|false|distinct|exists|select|cast|all|any|array|interval|current_date|current_timestamp|' +
  'current_user|row|default|between|extract';

/** Common ones; the rest is in the manual. */
const FUNCTIONS =
  'abs|avg|ceil|coalesce|concat|concat_ws|count|exp|floor|greatest|least|length|ln|lower|ltrim|max|min|mod|nullif|' +
  'power|rank|dense_rank|row_number|lag|lead|first_value|last_value|ntile|replace|round|rtrim|sign|sqrt|substring|' +
  'sum|trim|upper|json_object|json_array|reverse|repeat|left|right|lpad|rpad|position|random|now';

const OWN: Readonly<Record<string, { functions: string; types: string }>> = {
  postgres: {
    functions:
      'age|array_agg|array_length|array_to_string|bool_and|bool_or|cardinality|clock_timestamp|date_bin|date_part|' +
      'date_trunc|encode|decode|format|gen_random_uuid|generate_series|initcap|jsonb_agg|jsonb_array_elements|' +
      'jsonb_array_length|jsonb_build_array|jsonb_build_object|jsonb_each|jsonb_object_agg|jsonb_pretty|jsonb_set|' +
      'jsonb_typeof|make_date|make_interval|md5|percentile_cont|regexp_match|regexp_matches|regexp_replace|' +
      'split_part|starts_with|stddev|string_agg|string_to_array|to_char|to_date|to_json|to_jsonb|to_number|' +
      'to_timestamp|translate|trunc|unnest|variance|width_bucket|pg_size_pretty|pg_total_relation_size|pg_typeof',
    types:
      'bigint|boolean|bytea|char|cidr|citext|date|daterange|double precision|inet|integer|interval|json|jsonb|' +
      'money|numeric|real|smallint|text|time|timestamp|timestamptz|tsrange|tsvector|uuid|varchar|xml|int4range',
  },
  mysql: {
    functions:
      'adddate|curdate|current_time|date_add|date_format|date_sub|datediff|day|dayname|dayofweek|elt|field|' +
      'find_in_set|format|from_unixtime|group_concat|hex|hour|if|ifnull|instr|json_arrayagg|json_extract|' +
      'json_objectagg|json_unquote|last_day|last_insert_id|locate|md5|minute|month|monthname|quarter|rand|' +
      'regexp_replace|second|sha2|std|str_to_date|substring_index|timediff|timestampdiff|truncate|unhex|' +
      'unix_timestamp|uuid|week|year',
    types:
      'bigint|binary|blob|char|date|datetime|decimal|double|enum|float|int|json|longtext|mediumtext|smallint|text|' +
      'time|timestamp|tinyint|unsigned|varbinary|varchar|year',
  },
  sqlite: {
    functions:
      'changes|char|date|datetime|glob|group_concat|hex|ifnull|iif|instr|json|json_each|json_extract|' +
      'json_group_array|json_group_object|julianday|last_insert_rowid|printf|quote|strftime|substr|time|total|' +
      'typeof|unicode|unixepoch',
    types: 'blob|integer|numeric|real|text',
  },
};

export const words = (list: string): string[] => list.split('|');

export const START_KEYWORDS: readonly string[] = words(START);
export const CLAUSE_KEYWORDS: readonly string[] = words(CLAUSES);
export const VALUE_KEYWORDS: readonly string[] = words(VALUES);

export function functionsOf(engine: string): readonly string[] {
  return [...words(FUNCTIONS), ...words(OWN[engine]?.functions ?? '')].filter((name) => name !== '');
}

export function typesOf(engine: string): readonly string[] {
  return words(OWN[engine]?.types ?? '').filter((name) => name !== '');
}

/** As the typist writes: like the letters of this word, else like the keywords that stand there already. */
export function keywordCase(typed: string, text: string): (keyword: string) => string {
  const upper = /[a-z]/i.test(typed)
    ? typed === typed.toUpperCase()
    : (text.match(/\b(?:SELECT|FROM|WHERE|JOIN|UPDATE|INSERT|DELETE|SET|WITH|AND|ON)\b/g)?.length ?? 0) > 0;
  return upper ? (keyword) => keyword.toUpperCase() : (keyword) => keyword;
}
