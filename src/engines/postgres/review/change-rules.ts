import { optionsOf, textOf, type Fields } from '../analysis/tree.js';
import { countOf, listOf, plain, type Parsed } from './parsed.js';
import { advice, warning, type ReviewRule } from './rule.js';
import { constraintsOf, isVolatile } from './table-rules.js';

const WIDE_INDEX = 5;

/** About changes of what exists: locks, rewrites, and what cannot be taken back. */
export const CHANGE_RULES: readonly ReviewRule[] = [
  warning(
    'add_not_null_without_default',
    'A new NOT NULL column without a default fails as soon as the table has rows.',
    (statement) =>
      added(statement).some(
        (column) =>
          constraintsOf(column).includes('CONSTR_NOTNULL') &&
          !constraintsOf(column).some((type) =>
            ['CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED'].includes(type),
          ),
      ),
  ),
  warning(
    'add_column_rewrites',
    'A default that differs by row writes the whole table anew, under a lock that nobody passes.',
    (statement) =>
      added(statement).some((column) =>
        listOf(column['constraints']).some(([, constraint]) => isVolatile(constraint['raw_expr'])),
      ),
  ),
  warning(
    'alter_type_rewrites',
    'Another type writes the whole table anew, under a lock that nobody passes.',
    (statement) => statement.commands('AT_AlterColumnType').length > 0,
  ),
  warning(
    'set_not_null_scans',
    'SET NOT NULL reads the whole table under a lock: add a checked constraint as NOT VALID first.',
    (statement) => statement.commands('AT_SetNotNull').length > 0,
  ),
  warning(
    'check_without_not_valid',
    'A new CHECK reads the whole table under a lock: add it NOT VALID and validate it later.',
    (statement) =>
      addedConstraints(statement, 'CONSTR_CHECK').some(
        (constraint) => constraint['skip_validation'] !== true,
      ),
  ),
  warning(
    'foreign_key_without_not_valid',
    'A new foreign key reads both tables under locks: add it NOT VALID and validate it later.',
    (statement) =>
      addedConstraints(statement, 'CONSTR_FOREIGN').some(
        (constraint) => constraint['skip_validation'] !== true,
      ),
  ),
  warning(
    'unique_builds_index',
    'A new unique constraint builds its index under a lock: build it CONCURRENTLY, then USING INDEX.',
    (statement) =>
      addedConstraints(statement, 'CONSTR_UNIQUE').some(
        (constraint) => constraint['indexname'] === undefined,
      ),
  ),
  warning(
    'primary_key_builds_index',
    'A new primary key builds its index under a lock: build it CONCURRENTLY, then USING INDEX.',
    (statement) =>
      addedConstraints(statement, 'CONSTR_PRIMARY').some(
        (constraint) => constraint['indexname'] === undefined,
      ),
  ),
  warning(
    'drop_column',
    'A dropped column is gone with its values.',
    (statement) => statement.commands('AT_DropColumn').length > 0,
  ),
  warning(
    'drop_constraint',
    'Without the constraint rows may come in that break it.',
    (statement) => statement.commands('AT_DropConstraint').length > 0,
  ),
  advice(
    'drop_not_null',
    'Whoever reads the column has to expect NULL from now on.',
    (statement) => statement.commands('AT_DropNotNull').length > 0,
  ),
  warning(
    'rename_column',
    'Whoever uses the old name of the column breaks.',
    (statement) => statement.is('RenameStmt') && statement.text('renameType') === 'OBJECT_COLUMN',
  ),
  warning(
    'rename_table',
    'Whoever uses the old name of the table breaks.',
    (statement) => statement.is('RenameStmt') && statement.text('renameType') === 'OBJECT_TABLE',
  ),
  warning('disable_trigger', 'What the trigger kept in order is no longer kept.', (statement) =>
    statement.all('AlterTableCmd').some((command) => textOf(command, 'subtype').startsWith('AT_DisableTrig')),
  ),
  warning(
    'disable_row_security',
    'Everybody who may read the table reads all of its rows.',
    (statement) => statement.commands('AT_DisableRowSecurity').length > 0,
  ),
  advice(
    'several_alters',
    'Several changes in one statement hold the lock for all of them.',
    (statement) => statement.is('AlterTableStmt') && countOf(statement.fields['cmds']) > 3,
  ),
  warning(
    'index_locks_writes',
    'Building an index keeps writers out: use CONCURRENTLY.',
    (statement) => statement.is('IndexStmt') && statement.fields['concurrent'] !== true,
  ),
  advice(
    'wide_index',
    'An index of more than 5 columns is large and seldom used to its end.',
    (statement) => statement.is('IndexStmt') && countOf(statement.fields['indexParams']) > WIDE_INDEX,
  ),
  advice(
    'hash_index',
    'A hash index serves equality only, and no sorting.',
    (statement) => statement.is('IndexStmt') && statement.text('accessMethod') === 'hash',
  ),
  advice(
    'unnamed_index',
    'An index without a name gets one that differs between databases.',
    (statement) => statement.is('IndexStmt') && !statement.has('idxname'),
  ),
  warning(
    'drop_index_locks',
    'Dropping an index keeps everybody out: use CONCURRENTLY.',
    (statement) => drops(statement, 'OBJECT_INDEX') && statement.fields['concurrent'] !== true,
  ),
  warning(
    'reindex_locks',
    'REINDEX keeps writers out: use CONCURRENTLY.',
    (statement) => statement.is('ReindexStmt') && !optionsOf(statement.fields['params']).has('concurrently'),
  ),
  warning('drop', 'DROP cannot be taken back.', (statement) => statement.is('DropStmt')),
  warning(
    'drop_cascade',
    'CASCADE also drops what depends on it, without naming it.',
    (statement) => statement.is('DropStmt') && statement.text('behavior') === 'DROP_CASCADE',
  ),
  warning('drop_schema', 'A schema goes with everything that is in it.', (statement) =>
    drops(statement, 'OBJECT_SCHEMA'),
  ),
  warning('drop_policy', 'Rows that the policy hid are seen from now on.', (statement) =>
    drops(statement, 'OBJECT_POLICY'),
  ),
  advice(
    'drop_without_if_exists',
    'It fails where the object is gone already: IF EXISTS lets it run again.',
    (statement) => statement.is('DropStmt') && statement.fields['missing_ok'] !== true,
  ),
  warning(
    'vacuum_full',
    'VACUUM FULL writes the whole table anew, under a lock that nobody passes.',
    (statement) => statement.is('VacuumStmt') && optionsOf(statement.fields['options']).has('full'),
  ),
  warning('cluster', 'CLUSTER writes the whole table anew, under a lock that nobody passes.', (statement) =>
    statement.is('ClusterStmt'),
  ),
  warning(
    'refresh_locks_readers',
    'REFRESH keeps readers out: use CONCURRENTLY.',
    (statement) => statement.is('RefreshMatViewStmt') && statement.fields['concurrent'] !== true,
  ),
  advice(
    'enum_value',
    'A value of an enum cannot be taken away again.',
    (statement) => statement.is('AlterEnumStmt') && statement.has('newVal') && !statement.has('oldVal'),
  ),
];

function added(statement: Parsed): Fields[] {
  return statement.commands('AT_AddColumn').map((command) => plain(command['def']));
}

function addedConstraints(statement: Parsed, type: string): Fields[] {
  return statement
    .commands('AT_AddConstraint')
    .map((command) => plain(command['def']))
    .filter((constraint) => textOf(constraint, 'contype') === type);
}

function drops(statement: Parsed, kind: string): boolean {
  return statement.is('DropStmt') && statement.text('removeType') === kind;
}
