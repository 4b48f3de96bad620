import { judgeParts } from './expressions.js';
import { nodesOf, optionsOf, tagged, textOf, type Fields } from './tree.js';
import { refused, stricter, verdict, type Verdict } from '../../verdict.js';

/** Settings that shape how a session reads and shows values, and nothing else. */
const SETTABLE: ReadonlySet<string> = new Set([
  'search_path',
  'timezone',
  'datestyle',
  'intervalstyle',
  'extra_float_digits',
  'bytea_output',
  'xmloption',
  'lock_timeout',
  'client_min_messages',
]);

/** What DROP, COMMENT and RENAME may be about; anything else belongs to the server. */
const OWN_OBJECTS =
  /^OBJECT_(?:TABLE|VIEW|MATVIEW|INDEX|SEQUENCE|SCHEMA|TYPE|DOMAIN|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|OPERATOR|OPCLASS|OPFAMILY|TRIGGER|RULE|COLUMN|ATTRIBUTE|TABCONSTRAINT|DOMCONSTRAINT|POLICY|COLLATION|STATISTIC_EXT|CAST)$/;

const DDL: ReadonlySet<string> = new Set([
  'AlterCollationStmt',
  'AlterDomainStmt',
  'AlterEnumStmt',
  'AlterFunctionStmt',
  'AlterPolicyStmt',
  'AlterSeqStmt',
  'AlterStatsStmt',
  'AlterTypeStmt',
  'ClusterStmt',
  'CompositeTypeStmt',
  'CreateDomainStmt',
  'CreateEnumStmt',
  'CreatePolicyStmt',
  'CreateRangeStmt',
  'CreateSchemaStmt',
  'CreateSeqStmt',
  'CreateStatsStmt',
  'CreateStmt',
  'CreateTableAsStmt',
  'CreateTrigStmt',
  'DefineStmt',
  'IndexStmt',
  'RefreshMatViewStmt',
  'RuleStmt',
  'ViewStmt',
]);

const DML: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'TruncateStmt',
]);

const REFUSALS: Readonly<Record<string, string>> = {
  CopyStmt: 'COPY moves files or a stream: use import and export.',
  CreateExtensionStmt: 'Extensions are installed by the platform.',
  CreateRoleStmt: 'Logins are made by the platform.',
  AlterRoleStmt: 'Logins are changed by the platform: use Rotate for a new password.',
  GrantStmt: 'Who may reach a database is decided in its access settings.',
  GrantRoleStmt: 'Who may reach a database is decided in its access settings.',
  PrepareStmt: 'Prepared statements end with the run: send the statement itself.',
  ExecuteStmt: 'Prepared statements end with the run: send the statement itself.',
  DeclareCursorStmt: 'Cursors end with the run: results are streamed anyway.',
  FetchStmt: 'Cursors end with the run: results are streamed anyway.',
  ListenStmt: 'Notifications need a connection of their own.',
  NotifyStmt: 'Notifications need a connection of their own.',
};

type Judge = (fields: Fields) => Verdict;

const JUDGES: Readonly<Record<string, Judge>> = {
  SelectStmt: judgeParts,
  ExplainStmt: judgeExplain,
  VariableShowStmt: () => verdict('read'),
  VariableSetStmt: judgeSet,
  TransactionStmt: judgeTransaction,
  CallStmt: (fields) => stricter(verdict('dml', 'A procedure may change data.'), judgeParts(fields)),
  DoStmt: () => verdict('ddl', 'A DO block may do anything its login may.'),
  LockStmt: () => verdict('dml', 'It locks tables.'),
  AlterTableStmt: judgeAlterTable,
  AlterObjectSchemaStmt: (fields) => judgeObject(textOf(fields, 'objectType')),
  CommentStmt: (fields) => judgeObject(textOf(fields, 'objtype')),
  RenameStmt: (fields) => judgeObject(textOf(fields, 'renameType')),
  DropStmt: (fields) => judgeObject(textOf(fields, 'removeType')),
  CreateFunctionStmt: judgeFunction,
  ReindexStmt: (fields) =>
    /_(?:SYSTEM|DATABASE)$/.test(textOf(fields, 'kind'))
      ? refused('REINDEX of a whole database is done by the platform.')
      : verdict('ddl'),
  VacuumStmt: () => verdict('ddl'),
};

/** The class of one statement. What is not known here is refused. */
export function judge(type: string, fields: Fields): Verdict {
  const own = JUDGES[type];
  if (own !== undefined) return own(fields);
  if (DML.has(type)) return withParts('dml', fields);
  if (DDL.has(type)) return withParts('ddl', fields);
  return refused(REFUSALS[type] ?? 'Statements of this kind concern the server and are refused.');
}

function withParts(least: 'dml' | 'ddl', fields: Fields): Verdict {
  const parts = judgeParts(fields);
  return parts.class === 'admin' ? parts : verdict(least);
}

/** The plan of a write needs the rights of a write, also without ANALYZE: it counts as what it explains. */
function judgeExplain(fields: Fields): Verdict {
  const [type, inner] = tagged(fields['query']) ?? ['', {}];
  const whole = judge(type, inner);
  if (whole.reason !== null || whole.class === 'read') return whole;
  const runs = optionsOf(fields['options']).has('analyze');
  const reason = runs
    ? 'EXPLAIN ANALYZE runs what it explains.'
    : 'The plan of a write needs the rights of a write.';
  return verdict(whole.class, reason);
}

function judgeSet(fields: Fields): Verdict {
  const name = textOf(fields, 'name').toLowerCase();
  if (textOf(fields, 'kind') === 'VAR_RESET_ALL') return refused('RESET ALL would take the limits away.');
  if (SETTABLE.has(name)) return verdict('control');
  return refused(`The setting ${name === '' ? 'named here' : name} is kept by the platform.`);
}

function judgeTransaction(fields: Fields): Verdict {
  return textOf(fields, 'kind').includes('PREPARE')
    ? refused('Two-phase commit outlives the run and is refused.')
    : verdict('control');
}

function judgeAlterTable(fields: Fields): Verdict {
  const changesOwner = [...nodesOf(fields['cmds'])].some(
    ([type, command]) => type === 'AlterTableCmd' && /Owner|TableSpace/.test(textOf(command, 'subtype')),
  );
  return changesOwner
    ? refused('Owners and tablespaces are kept by the platform.')
    : stricter(judgeObject(textOf(fields, 'objtype')), withParts('ddl', fields));
}

function judgeObject(kind: string): Verdict {
  return OWN_OBJECTS.test(kind) ? verdict('ddl') : refused('Objects of this kind belong to the server.');
}

function judgeFunction(fields: Fields): Verdict {
  const [, language] = tagged(optionsOf(fields['options']).get('language')) ?? [];
  const name = textOf(language ?? {}, 'sval').toLowerCase();
  return name === '' || name === 'sql' || name === 'plpgsql'
    ? withParts('ddl', fields)
    : refused(`Functions in ${name} reach beyond the database.`);
}

/** The leading act in lower case. */
export function verbOf(type: string, fields: Fields): string {
  const kind = OBJECT_WORDS[textOf(fields, type === 'DropStmt' ? 'removeType' : 'objtype')] ?? '';
  const base =
    VERBS[type] ??
    type
      .replace(/Stmt$/, '')
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase();
  if (type === 'TransactionStmt')
    return textOf(fields, 'kind').replace('TRANS_STMT_', '').toLowerCase().replace('_', ' ');
  return `${base} ${kind}`.trim();
}

const VERBS: Readonly<Record<string, string>> = {
  AlterTableStmt: 'alter',
  CreateStmt: 'create table',
  CreateTableAsStmt: 'create table as',
  CreateTrigStmt: 'create trigger',
  DropStmt: 'drop',
  IndexStmt: 'create index',
  RefreshMatViewStmt: 'refresh materialized view',
  VariableSetStmt: 'set',
  VariableShowStmt: 'show',
  ViewStmt: 'create view',
};

const OBJECT_WORDS: Readonly<Record<string, string>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_SCHEMA: 'schema',
  OBJECT_FUNCTION: 'function',
  OBJECT_TYPE: 'type',
};

/** False for what the server runs only outside of a transaction. */
export function isTransactional(type: string, fields: Fields): boolean {
  if (type === 'VacuumStmt') return fields['is_vacuumcmd'] !== true;
  const concurrent = fields['concurrent'] === true || optionsOf(fields['params']).has('concurrently');
  return !concurrent;
}
