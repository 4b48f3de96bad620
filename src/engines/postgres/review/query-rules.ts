import { namesIn, tagged, textOf, type Fields } from '../analysis/tree.js';
import {
  constantNumber,
  constantText,
  countOf,
  isAlwaysTrue,
  isColumn,
  isNull,
  listOf,
  operatorOf,
  plain,
} from './parsed.js';
import { advice, warning, type ReviewRule } from './rule.js';
import { hasStar } from './write-rules.js';

const FAR_OFFSET = 1000;
const MANY_JOINS = 8;
const DEEP = 6;
const LONG_LIST = 500;
const AGGREGATES: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'array_agg',
  'string_agg',
  'json_agg',
  'jsonb_agg',
  'bool_and',
  'bool_or',
]);

/** About statements that read, and the reading parts of others. */
export const QUERY_RULES: readonly ReviewRule[] = [
  advice('select_star', 'SELECT * reads every column, also those added later.', (statement) =>
    statement
      .all('SelectStmt')
      .some((select) => select['fromClause'] !== undefined && hasStar(select['targetList'])),
  ),
  warning(
    'cartesian_join',
    'Tables are combined without a condition: every row meets every other.',
    (statement) =>
      statement.all('SelectStmt').some(isCartesian) || statement.all('JoinExpr').some(isUnconditional),
  ),
  advice(
    'missing_limit',
    'It reads all rows of its tables: there is neither WHERE nor LIMIT.',
    (statement) => statement.is('SelectStmt') && readsAll(statement.fields),
  ),
  advice('leading_wildcard', 'A pattern that begins with % cannot use an index.', (statement) =>
    statement
      .all('A_Expr')
      .some(
        (expression) =>
          textOf(expression, 'kind').includes('LIKE') &&
          /^[%_]/.test(constantText(expression['rexpr']) ?? ''),
      ),
  ),
  warning(
    'not_in_subquery',
    'NOT IN is never true when the subquery has a NULL: use NOT EXISTS.',
    (statement) =>
      statement
        .all('BoolExpr')
        .some(
          (expression) =>
            textOf(expression, 'boolop') === 'NOT_EXPR' &&
            listOf(expression['args']).some(
              ([type, link]) => type === 'SubLink' && textOf(link, 'subLinkType') === 'ANY_SUBLINK',
            ),
        ),
  ),
  warning('compares_with_null', 'A comparison with NULL is never true: use IS NULL.', (statement) =>
    statement
      .all('A_Expr')
      .some(
        (expression) =>
          ['=', '<>', '!=', '<', '>'].includes(operatorOf(expression)) &&
          textOf(expression, 'kind') === 'AEXPR_OP' &&
          (isNull(expression['rexpr']) || isNull(expression['lexpr'])),
      ),
  ),
  advice(
    'far_offset',
    'A large OFFSET reads and drops all rows before it: page by the last key instead.',
    (statement) =>
      statement.all('SelectStmt').some((select) => (constantNumber(select['limitOffset']) ?? 0) > FAR_OFFSET),
  ),
  advice('order_by_random', 'ORDER BY random() reads and sorts the whole table.', (statement) =>
    statement.all('SortBy').some((sort) => callOf(sort['node']) === 'random'),
  ),
  advice(
    'order_by_position',
    'A number in ORDER BY means another column when the list changes.',
    (statement) => statement.all('SortBy').some((sort) => constantNumber(sort['node']) !== undefined),
  ),
  advice(
    'group_by_position',
    'A number in GROUP BY means another column when the list changes.',
    (statement) =>
      statement
        .all('SelectStmt')
        .some((select) =>
          listOf(select['groupClause']).some(
            ([type, fields]) => constantNumber({ [type]: fields }) !== undefined,
          ),
        ),
  ),
  advice(
    'limit_without_order',
    'LIMIT without ORDER BY gives any rows, and other ones the next time.',
    (statement) =>
      statement
        .all('SelectStmt')
        .some(
          (select) =>
            select['limitCount'] !== undefined && select['sortClause'] === undefined && !isAggregate(select),
        ),
  ),
  advice(
    'distinct_on_without_order',
    'DISTINCT ON without ORDER BY keeps any row of each group.',
    (statement) =>
      statement
        .all('SelectStmt')
        .some(
          (select) =>
            Array.isArray(select['distinctClause']) &&
            listOf(select['distinctClause']).length > 0 &&
            select['sortClause'] === undefined,
        ),
  ),
  advice('union_distinct', 'UNION sorts to drop duplicates: UNION ALL where there are none.', (statement) =>
    statement
      .all('SelectStmt')
      .some((select) => textOf(select, 'op') === 'SETOP_UNION' && select['all'] !== true),
  ),
  advice('function_on_column', 'A function around the column keeps its index from being used.', (statement) =>
    statement
      .all('A_Expr')
      .some(
        (expression) => isOverColumn(expression['lexpr']) && constantText(expression['rexpr']) !== undefined,
      ),
  ),
  advice('natural_join', 'NATURAL JOIN joins by other columns when the tables change.', (statement) =>
    statement.all('JoinExpr').some((join) => join['isNatural'] === true),
  ),
  advice(
    'many_joins',
    'More than 8 joins: the planner no longer tries every order.',
    (statement) => statement.all('JoinExpr').length > MANY_JOINS,
  ),
  advice(
    'deep_nesting',
    'Subqueries are nested very deep: name the steps with WITH.',
    (statement) => depthOf(statement.fields) > DEEP,
  ),
  advice('long_list', 'More than 500 values in IN: join a table or an array of them.', (statement) =>
    statement
      .all('A_Expr')
      .some(
        (expression) =>
          textOf(expression, 'kind') === 'AEXPR_IN' &&
          countOf(plain(expression['rexpr'])['items']) > LONG_LIST,
      ),
  ),
  advice(
    'having_without_group',
    'HAVING without GROUP BY makes one group of everything: WHERE is meant, most likely.',
    (statement) =>
      statement
        .all('SelectStmt')
        .some((select) => select['havingClause'] !== undefined && select['groupClause'] === undefined),
  ),
  warning(
    'endless_recursion',
    'WITH RECURSIVE with UNION ALL and no condition does not end by itself.',
    (statement) =>
      statement
        .all('WithClause')
        .concat(plain(statement.fields['withClause']))
        .some(
          (clause) =>
            clause['recursive'] === true &&
            listOf(clause['ctes']).some(([, cte]) => isEndless(plain(cte['ctequery']))),
        ),
  ),
  advice('or_across_columns', 'OR between different columns seldom uses an index: try UNION.', (statement) =>
    statement
      .all('BoolExpr')
      .some(
        (expression) => textOf(expression, 'boolop') === 'OR_EXPR' && columnsCompared(expression).size > 1,
      ),
  ),
  advice('count_column', 'count(column) leaves NULL out: count(*) counts rows.', (statement) =>
    statement
      .all('FuncCall')
      .some(
        (call) =>
          namesIn(call['funcname']).at(-1) === 'count' &&
          call['agg_distinct'] !== true &&
          listOf(call['args']).some(([type]) => type === 'ColumnRef'),
      ),
  ),
];

function isCartesian(select: Fields): boolean {
  const tables = listOf(select['fromClause']).filter(([type]) => type === 'RangeVar' || type === 'JoinExpr');
  return tables.length > 1 && select['whereClause'] === undefined;
}

function isUnconditional(join: Fields): boolean {
  if (join['isNatural'] === true || join['usingClause'] !== undefined) return false;
  return join['quals'] === undefined || isAlwaysTrue(join['quals']);
}

function readsAll(select: Fields): boolean {
  return (
    listOf(select['fromClause']).some(([type]) => type === 'RangeVar' || type === 'JoinExpr') &&
    select['whereClause'] === undefined &&
    select['limitCount'] === undefined &&
    !isAggregate(select)
  );
}

function isAggregate(select: Fields): boolean {
  if (select['groupClause'] !== undefined) return true;
  return listOf(select['targetList']).some(([, target]) => AGGREGATES.has(callOf(target['val']) ?? ''));
}

function callOf(value: unknown): string | undefined {
  const [type, call] = tagged(value) ?? [];
  return type === 'FuncCall' ? namesIn(call?.['funcname']).at(-1) : undefined;
}

function isOverColumn(value: unknown): boolean {
  const [type, call] = tagged(value) ?? ['', {}];
  return type === 'FuncCall' && listOf(call['args']).some(([name]) => name === 'ColumnRef');
}

function depthOf(value: unknown): number {
  if (Array.isArray(value)) return Math.max(0, ...value.map(depthOf));
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(
    0,
    ...Object.entries(value).map(
      ([name, inner]) => depthOf(inner) + (name === 'SubLink' || name === 'RangeSubselect' ? 1 : 0),
    ),
  );
}

function isEndless(query: Fields): boolean {
  const recursive = plain(query['rarg']);
  return (
    textOf(query, 'op') === 'SETOP_UNION' &&
    query['all'] === true &&
    recursive['whereClause'] === undefined &&
    listOf(recursive['fromClause']).every(([type]) => type !== 'JoinExpr')
  );
}

function columnsCompared(expression: Fields): Set<string> {
  const names = listOf(expression['args']).flatMap(([type, fields]) =>
    type === 'A_Expr' && isColumn(fields['lexpr'])
      ? [namesIn(plain(fields['lexpr'])['fields']).join('.')]
      : [],
  );
  return new Set(names);
}
