import type { Statement } from '../../engines/engine.js';
import { ROLES, atLeast, type Role } from '../../platform/access/roles.js';
import { AppError, type Verdict } from '../../platform/errors/app-error.js';
import type { RunTarget } from '../databases/databases.types.js';
import { OUTCOMES, type RuleVerdict } from '../databases/external/external.types.js';

export const MAX_STATEMENTS = 50;

/** The role a run counts as: one's own, or a lower one that was asked for. */
export function roleFor(own: Role, asked: string | undefined): Role | undefined {
  if (asked === undefined || asked === '') return own;
  const role = ROLES.find((name) => name === asked);
  return role !== undefined && atLeast(own, role) ? role : undefined;
}

/** Who runs on what: the role of the run, whether the actor's reach lets it write, the rules of the database. */
export interface RunFacts {
  readonly role: Role;
  readonly canWrite: boolean;
  readonly ruleFor: RunTarget['ruleFor'];
}

export interface StatementReason {
  /** Counted from 1. */
  readonly statement: number;
  readonly code: string;
  readonly message: string;
}

/** What becomes of a batch, with every reason of the statements that decided it. */
export type RunVerdict =
  | { readonly outcome: 'run' }
  | {
      readonly outcome: 'needs_approval' | 'refuse';
      readonly code: string;
      readonly reason: string;
      readonly reasons: readonly StatementReason[];
    };

/**
 * May this batch run? The strictest of its statements decides for all: one refused statement refuses the whole batch
 * before the first runs.
 */
export function judge(statements: readonly Statement[], facts: RunFacts): RunVerdict {
  const verdicts = statements.map((statement) => judgeOne(statement, facts));
  const outcome = OUTCOMES.findLast((known) => verdicts.some((verdict) => verdict.outcome === known));
  if (outcome === undefined || outcome === 'run') return { outcome: 'run' };
  const reasons = verdicts.flatMap((verdict, index) =>
    verdict.outcome === outcome ? verdict.reasons.map((reason) => ({ statement: index + 1, ...reason })) : [],
  );
  const [first] = reasons;
  const which = statements.length === 1 ? 'This statement' : `Statement ${String(first?.statement ?? 1)}`;
  const what = outcome === 'refuse' ? 'is refused' : 'needs approval';
  const messages = reasons
    .filter(({ statement }) => statement === first?.statement)
    .map(({ message }) => message);
  return {
    outcome,
    code: outcome === 'refuse' ? (first?.code ?? 'statement_refused') : 'approval_required',
    reason: `${which} ${what}. ${messages.join(' ')}`.trim(),
    reasons,
  };
}

function judgeOne(statement: Statement, { role, canWrite, ruleFor }: RunFacts): RuleVerdict {
  const why = statement.reason === null ? '' : ` ${statement.reason}`;
  if (statement.class === 'admin') {
    return refused('statement_refused', statement.reason ?? 'Statements of this kind never run here.');
  }
  if (statement.class !== 'read' && !canWrite) {
    return refused('write_not_allowed', `It may change something, and you may only read here.${why}`);
  }
  if (ruleFor === null) return { outcome: 'run', reasons: [] };
  const { outcome, reasons } = ruleFor(statement.class, role);
  return { outcome, reasons: reasons.map(({ code, message }) => ({ code, message: `${message}${why}` })) };
}

function refused(code: string, message: string): RuleVerdict {
  return { outcome: 'refuse', reasons: [{ code, message }] };
}

/** The answer to a batch that does not run: 403, or 409 for what an approval would let through. */
export function refusal(verdict: Exclude<RunVerdict, { outcome: 'run' }>, recorded: boolean): AppError {
  const { outcome, code, reason, reasons } = verdict;
  const kind = outcome === 'refuse' ? 'forbidden' : 'conflict';
  return new AppError(kind, code, reason, { recorded, extra: { reasons } });
}

/** Which login a batch uses: the read-only one unless something in it writes. */
export function accessFor(statements: readonly Statement[]): 'read' | 'write' {
  return statements.every((statement) => statement.class === 'read') ? 'read' : 'write';
}

/** What can be run again without anybody minding: one statement, and it reads. */
export function isSingleRead(statements: readonly Pick<Statement, 'class'>[]): Verdict {
  const [statement] = statements;
  if (statements.length === 1 && statement?.class === 'read') return 'yes';
  return { code: 'not_exportable', reason: 'Only a single statement that reads can be exported.' };
}
