import { namesIn, tagged, textOf, type Fields } from '../analysis/tree.js';
import { countOf, isAlwaysTrue, listOf, plain, withoutPlaces } from './parsed.js';
import { advice, warning, type ReviewRule } from './rule.js';

const MANY_ROWS = 1000;
const WRITES: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** About statements that change rows. */
export const WRITE_RULES: readonly ReviewRule[] = [
  warning('update_without_where', 'UPDATE without WHERE concerns every row.', (statement) =>
    statement.all('UpdateStmt').some((update) => update['whereClause'] === undefined),
  ),
  warning('delete_without_where', 'DELETE without WHERE concerns every row.', (statement) =>
    statement.all('DeleteStmt').some((removal) => removal['whereClause'] === undefined),
  ),
  warning('where_always_true', 'The condition is true for every row.', (statement) =>
    [...statement.all('UpdateStmt'), ...statement.all('DeleteStmt')].some((write) =>
      isAlwaysTrue(write['whereClause']),
    ),
  ),
  warning('truncate', 'TRUNCATE removes every row, and takes a lock that nobody passes.', (statement) =>
    statement.is('TruncateStmt'),
  ),
  warning(
    'truncate_cascade',
    'CASCADE also empties every table that refers to this one.',
    (statement) => statement.is('TruncateStmt') && statement.text('behavior') === 'DROP_CASCADE',
  ),
  warning(
    'update_from_unrelated',
    'The tables in FROM are not compared with the one that is changed: every row meets every other.',
    (statement) => statement.all('UpdateStmt').some((update) => isUnrelated(update, 'fromClause')),
  ),
  warning(
    'delete_using_unrelated',
    'The tables in USING are not compared with the one that rows are deleted from: every row meets every other.',
    (statement) => statement.all('DeleteStmt').some((removal) => isUnrelated(removal, 'usingClause')),
  ),
  advice(
    'insert_without_columns',
    'Without a list of columns the statement breaks, or puts values elsewhere, when the table changes.',
    (statement) =>
      statement
        .all('InsertStmt')
        .some((insert) => insert['cols'] === undefined && insert['selectStmt'] !== undefined),
  ),
  warning(
    'insert_many_rows',
    'More than 1,000 rows in one statement: send several smaller ones.',
    (statement) =>
      statement.all('InsertStmt').some((insert) => countOf(selectOf(insert)['valuesLists']) > MANY_ROWS),
  ),
  advice(
    'insert_whole_table',
    'It copies all rows of its source: there is neither WHERE nor LIMIT.',
    (statement) => statement.all('InsertStmt').some((insert) => copiesEverything(selectOf(insert))),
  ),
  advice(
    'on_conflict_without_target',
    'ON CONFLICT without a target hides conflicts on every constraint, also unexpected ones.',
    (statement) =>
      statement.all('InsertStmt').some((insert) => {
        const conflict = plain(insert['onConflictClause']);
        return insert['onConflictClause'] !== undefined && conflict['infer'] === undefined;
      }),
  ),
  warning('merge_always_matches', 'The condition of MERGE is true for every pair of rows.', (statement) =>
    statement.all('MergeStmt').some((merge) => isAlwaysTrue(merge['joinCondition'])),
  ),
  warning(
    'write_in_with',
    'It changes rows inside WITH: their number and order are hard to foresee.',
    (statement) =>
      statement.all('CommonTableExpr').some((cte) => WRITES.has(tagged(cte['ctequery'])?.[0] ?? '')),
  ),
  advice('returning_star', 'RETURNING * reads every column, also those added later.', (statement) =>
    statement.nodes.some(
      ([type, fields]) => WRITES.has(type) && hasStar(plain(fields['returningClause'])['exprs']),
    ),
  ),
  advice('set_to_itself', 'A column is set to the value that it has already.', (statement) =>
    statement
      .all('UpdateStmt')
      .some((update) => listOf(update['targetList']).some(([, target]) => setsItself(target))),
  ),
  warning('lock_table', 'It locks a whole table for as long as the transaction lasts.', (statement) =>
    statement.is('LockStmt'),
  ),
  warning('for_update_without_where', 'It locks every row that it reads: there is no WHERE.', (statement) =>
    statement
      .all('SelectStmt')
      .some((select) => select['lockingClause'] !== undefined && select['whereClause'] === undefined),
  ),
];

function selectOf(insert: Fields): Fields {
  return plain(insert['selectStmt']);
}

function copiesEverything(select: Fields): boolean {
  return (
    countOf(select['fromClause']) > 0 &&
    select['whereClause'] === undefined &&
    select['limitCount'] === undefined
  );
}

export function hasStar(list: unknown): boolean {
  return listOf(list).some(([, target]) => {
    const [type, column] = tagged(target['val']) ?? ['', {}];
    return type === 'ColumnRef' && listOf(column['fields']).some(([name]) => name === 'A_Star');
  });
}

function setsItself(target: Fields): boolean {
  const [type, column] = tagged(target['val']) ?? ['', {}];
  return type === 'ColumnRef' && namesIn(column['fields']).at(-1) === textOf(target, 'name');
}

/** Several tables, and no condition that compares columns of two of them. */
function isUnrelated(write: Fields, clause: string): boolean {
  if (countOf(write[clause]) === 0) return false;
  return !comparesTwoTables(write['whereClause']);
}

function comparesTwoTables(condition: unknown): boolean {
  const text = JSON.stringify(withoutPlaces(condition) ?? null);
  const qualifiers = new Set<string>();
  for (const match of text.matchAll(/"ColumnRef":\{"fields":\[\{"String":\{"sval":"((?:[^"\\]|\\.)*)"\}\},/g))
    qualifiers.add(match[1] ?? '');
  // Columns without a qualifier may be of any table: the benefit of the doubt.
  return (
    qualifiers.size > 1 || /"ColumnRef":\{"fields":\[\{"String":\{"sval":"(?:[^"\\]|\\.)*"\}\}\]/.test(text)
  );
}
