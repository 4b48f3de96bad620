import type { Statement } from '../../engines/engine.js';
import { ROLES, atLeast, type Role } from '../../platform/access/roles.js';
import type { Verdict } from '../../platform/errors/app-error.js';

export const MAX_STATEMENTS = 50;

/** The role a run counts as: one's own, or a lower one that was asked for. */
export function roleFor(own: Role, asked: string | undefined): Role | undefined {
  if (asked === undefined || asked === '') return own;
  const role = ROLES.find((name) => name === asked);
  return role !== undefined && atLeast(own, role) ? role : undefined;
}

/** May this batch run with this role? One refused statement refuses the whole batch before the first runs. */
export function mayRun(statements: readonly Statement[], canWrite: boolean): Verdict {
  for (const [index, statement] of statements.entries()) {
    const which = statements.length === 1 ? 'This statement' : `Statement ${String(index + 1)}`;
    if (statement.class === 'admin') {
      return { code: 'statement_refused', reason: `${which} is refused. ${statement.reason ?? ''}`.trim() };
    }
    if (statement.class !== 'read' && !canWrite) {
      const why = statement.reason === null ? '' : ` ${statement.reason}`;
      return {
        code: 'write_not_allowed',
        reason: `${which} may change something, and you may only read here.${why}`,
      };
    }
  }
  return 'yes';
}

/** Which login a batch uses: the read-only one unless something in it writes. */
export function accessFor(statements: readonly Statement[]): 'read' | 'write' {
  return statements.every((statement) => statement.class === 'read') ? 'read' : 'write';
}
