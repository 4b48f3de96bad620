import type { Finding } from '../../engine.js';
import { nodesOf, textOf, type Fields } from './tree.js';

const finding = (code: string, severity: Finding['severity'], message: string): Finding => ({
  code,
  severity,
  message,
});

/** Things worth telling before a statement runs. */
export function findingsOf(type: string, fields: Fields): Finding[] {
  const found: Finding[] = [];
  if ((type === 'UpdateStmt' || type === 'DeleteStmt') && fields['whereClause'] === undefined) {
    const verb = type === 'UpdateStmt' ? 'UPDATE' : 'DELETE';
    found.push(
      finding(`${verb.toLowerCase()}_without_where`, 'warning', `${verb} without WHERE concerns every row.`),
    );
  }
  if (type === 'TruncateStmt') found.push(finding('truncate', 'warning', 'TRUNCATE removes every row.'));
  if (type === 'DropStmt') {
    const cascade = textOf(fields, 'behavior') === 'DROP_CASCADE';
    const more = cascade ? ' CASCADE also drops what depends on it.' : '';
    found.push(finding('drop', 'warning', `DROP cannot be taken back.${more}`));
  }
  if (type === 'SelectStmt' && selectsEverything(fields)) {
    found.push(finding('select_star', 'info', 'SELECT * reads every column, also those added later.'));
  }
  return found;
}

function selectsEverything(fields: Fields): boolean {
  return (
    [...nodesOf(fields['targetList'])].some(([type]) => type === 'A_Star') &&
    fields['fromClause'] !== undefined
  );
}

/** Whether there is a WHERE; null where the question makes no sense. */
export function hasWhere(type: string, fields: Fields): boolean | null {
  const asks =
    type === 'UpdateStmt' ||
    type === 'DeleteStmt' ||
    (type === 'SelectStmt' && fields['fromClause'] !== undefined);
  return asks ? fields['whereClause'] !== undefined : null;
}
