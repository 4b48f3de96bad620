import { namesIn, tagged, textOf, type Fields } from '../analysis/tree.js';
import { listOf, plain, typeOf, type Parsed } from './parsed.js';
import { advice, warning, type ReviewRule } from './rule.js';

const MANY_COLUMNS = 100;
const MONEY_NAME = /(?:^|_)(?:amount|price|total|balance|cost|fee|salary)(?:_|$)/i;

/** About new tables and what is in them. */
export const TABLE_RULES: readonly ReviewRule[] = [
  warning(
    'table_without_key',
    'A table without a primary key: its rows cannot be told apart, edited or taken back.',
    (statement) =>
      statement.is('CreateStmt') &&
      !statement.has('inhRelations') &&
      statement.constraints('CONSTR_PRIMARY').length === 0,
  ),
  advice('char_type', 'char(n) pads with blanks: use text.', (statement) => hasType(statement, 'bpchar')),
  advice('timestamp_type', 'timestamp forgets its zone: use timestamptz.', (statement) =>
    hasType(statement, 'timestamp'),
  ),
  advice('timetz_type', 'time with time zone cannot know summer time: use timestamptz.', (statement) =>
    hasType(statement, 'timetz'),
  ),
  advice(
    'serial_type',
    'serial leaves the sequence open to everybody: use generated always as identity.',
    (statement) => hasType(statement, 'serial', 'serial4', 'bigserial', 'serial8', 'smallserial', 'serial2'),
  ),
  advice('money_type', 'money depends on the locale of the server: use numeric.', (statement) =>
    hasType(statement, 'money'),
  ),
  advice('json_type', 'json is stored as text: jsonb can be searched and indexed.', (statement) =>
    hasType(statement, 'json'),
  ),
  warning('float_for_money', 'Amounts as binary fractions lose cents: use numeric.', (statement) =>
    statement.columns.some(
      (column) => ['float4', 'float8'].includes(typeOf(column)) && MONEY_NAME.test(textOf(column, 'colname')),
    ),
  ),
  advice('small_key', 'A 32-bit key ends at two thousand million: use bigint.', (statement) =>
    statement.columns.some(
      (column) =>
        ['int4', 'int2', 'serial', 'serial4'].includes(typeOf(column)) &&
        listOf(column['constraints']).some(
          ([, constraint]) => textOf(constraint, 'contype') === 'CONSTR_PRIMARY',
        ),
    ),
  ),
  advice('quoted_name', 'A name with capitals or blanks has to be quoted everywhere.', (statement) =>
    newNames(statement).some((name) => !/^[a-z_][a-z0-9_$]*$/.test(name)),
  ),
  advice(
    'many_columns',
    'More than 100 columns: most rows will leave most of them empty.',
    (statement) => statement.is('CreateStmt') && statement.columns.length > MANY_COLUMNS,
  ),
  advice('cascade_delete', 'ON DELETE CASCADE deletes rows that nobody named.', (statement) =>
    statement.constraints('CONSTR_FOREIGN').some((key) => textOf(key, 'fk_del_action') === 'c'),
  ),
  advice('table_from_query', 'CREATE TABLE AS makes no keys, constraints or defaults.', (statement) =>
    statement.is('CreateTableAsStmt'),
  ),
  warning(
    'unlogged_table',
    'An unlogged table is empty after a crash.',
    (statement) =>
      ['CreateStmt', 'CreateTableAsStmt'].includes(statement.type) && persistenceOf(statement) === 'u',
  ),
  advice('trigger', 'A trigger changes more than a statement says.', (statement) =>
    statement.is('CreateTrigStmt'),
  ),
  warning(
    'rule',
    'Rules put other statements in the place of what was written: use a trigger.',
    (statement) => statement.is('RuleStmt'),
  ),
  warning(
    'security_definer',
    'SECURITY DEFINER without its own search_path can be led to other people’s objects.',
    (statement) =>
      statement.is('CreateFunctionStmt') && option(statement, 'security') && !setsSearchPath(statement),
  ),
  advice(
    'function_replaced',
    'OR REPLACE takes the earlier body away.',
    (statement) => statement.is('CreateFunctionStmt') && statement.fields['replace'] === true,
  ),
  warning('do_block', 'A DO block may do anything that its login may, unseen by analysis.', (statement) =>
    statement.is('DoStmt'),
  ),
];

function hasType(statement: Parsed, ...types: readonly string[]): boolean {
  return statement.columns.some((column) => types.includes(typeOf(column)));
}

function newNames(statement: Parsed): string[] {
  const columns = statement.columns.map((column) => textOf(column, 'colname'));
  const table = statement.is('CreateStmt') ? [textOf(plain(statement.fields['relation']), 'relname')] : [];
  return [...table, ...columns].filter((name) => name !== '');
}

function persistenceOf({ fields }: Parsed): string {
  const relation = fields['relation'] ?? plain(fields['into'])['rel'];
  return textOf(plain(relation), 'relpersistence');
}

function option({ fields }: Parsed, name: string): boolean {
  return listOf(fields['options']).some(
    ([, definition]) =>
      textOf(definition, 'defname') === name && plain(definition['arg'])['boolval'] === true,
  );
}

function setsSearchPath({ fields }: Parsed): boolean {
  return listOf(fields['options']).some(
    ([, definition]) =>
      textOf(definition, 'defname') === 'set' && textOf(plain(definition['arg']), 'name') === 'search_path',
  );
}

export function constraintsOf(column: Fields): string[] {
  return listOf(column['constraints']).map(([, constraint]) => textOf(constraint, 'contype'));
}

/** An expression that may give another value for each row, so that a table has to be written anew. */
export function isVolatile(expression: unknown): boolean {
  const [type, fields] = tagged(expression) ?? ['', {}];
  if (type === 'FuncCall')
    return !['now', 'current_timestamp', 'transaction_timestamp'].includes(
      namesIn(fields['funcname']).at(-1) ?? '',
    );
  return type === 'TypeCast' && isVolatile(fields['arg']);
}
