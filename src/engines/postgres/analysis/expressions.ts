import { isDenied } from './denied-functions.js';
import { READ_FUNCTIONS } from './read-functions.js';
import { namesIn, nodesOf, tagged, textOf, type Fields } from './tree.js';
import { refused, stricter, verdict, type Verdict } from '../../verdict.js';

const WRITES: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/**
 * What the parts of a statement make of it, wherever they stand: calls, writes inside of WITH, locks, INTO. With
 * `sequences` moving one counts for nothing: it is the one thing that a rollback leaves.
 */
export function judgeParts(statement: Fields, { sequences = false } = {}): Verdict {
  let result = verdict('read');
  for (const [type, fields] of nodesOf(statement)) {
    if (!(sequences && type === 'FuncCall' && movesSequence(fields)))
      result = stricter(result, judgePart(type, fields));
  }
  return result;
}

function movesSequence(fields: Fields): boolean {
  return ['nextval', 'setval'].includes(namesIn(fields['funcname']).at(-1) ?? '');
}

function judgePart(type: string, fields: Fields): Verdict {
  if (WRITES.has(type)) return verdict('dml', 'It changes rows inside of another statement.');
  if (type === 'FuncCall') return judgeCall(fields);
  if (type === 'LockingClause') return verdict('dml', 'It locks rows.');
  if (fields['intoClause'] !== undefined) return verdict('ddl', 'SELECT INTO makes a table.');
  return type === 'A_Expr' || type === 'SubLink' ? judgeOperator(fields) : verdict('read');
}

function judgeCall(fields: Fields): Verdict {
  const names = namesIn(fields['funcname']);
  const name = names.at(-1) ?? '';
  const schema = names.length > 1 ? names.at(-2) : undefined;
  const count = Array.isArray(fields['args']) ? fields['args'].length : 0;
  if (isDenied(name, count)) {
    return refused(`The function ${name} is not available: it reaches beyond the database.`);
  }
  if (movesSequence(fields)) return verdict('dml', `${name}() moves a sequence.`);
  if (READ_FUNCTIONS.has(name) && (schema === undefined || schema === 'pg_catalog')) return verdict('read');
  return verdict('dml', `It calls ${names.join('.')}(), which may change data.`);
}

// OPERATOR(schema.+) may be anybody's operator, with anybody's function behind it.
function judgeOperator(fields: Fields): Verdict {
  const names = namesIn(fields['name'] ?? fields['operName']);
  return names.length > 1 && names[0] !== 'pg_catalog'
    ? verdict('dml', `It uses the operator ${names.join('.')}, which may change data.`)
    : verdict('read');
}

/** The FROM items and target of a statement, without the names that WITH gives. */
export function tablesOf(statement: Fields): { schema?: string; name: string; use: 'read' | 'write' }[] {
  const common = new Set<string>();
  const found = new Map<string, { schema?: string; name: string; use: 'read' | 'write' }>();
  const add = (relation: unknown, use: 'read' | 'write'): void => {
    const fields = (tagged(relation)?.[1] ?? relation) as Fields;
    const name = textOf(fields, 'relname');
    const schema = textOf(fields, 'schemaname');
    if (name === '') return;
    const key = `${use} ${schema}.${name}`;
    found.set(key, { ...(schema === '' ? {} : { schema }), name, use });
  };
  for (const [type, fields] of nodesOf(statement)) {
    if (type === 'CommonTableExpr') common.add(textOf(fields, 'ctename'));
    if (type === 'RangeVar') add(fields, 'read');
    if (WRITES.has(type)) add(fields['relation'], 'write');
    if (type === 'TruncateStmt' && Array.isArray(fields['relations'])) {
      for (const relation of fields['relations']) add(relation, 'write');
    }
  }
  return [...found.values()].filter((table) => table.schema !== undefined || !common.has(table.name));
}
