import type { Finding, StatementClass } from '../../../engines/engine.js';

/** Something to be marked in the text. Positions are UTF-16 offsets in the text that was sent. */
export interface MarkedProblem {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | Finding['severity'];
  readonly code: string;
  readonly message: string;
}

export interface CheckedStatement {
  readonly from: number;
  readonly to: number;
  readonly class: StatementClass;
  /** The leading act in lower case: `select`, `create table`. */
  readonly verb: string;
  /** Whether this person may run it here now, and if not why. */
  readonly may: boolean;
  readonly reason: string | null;
}

/** POST /queries/check as JSON. */
export interface CheckView {
  readonly statements: readonly CheckedStatement[];
  readonly problems: readonly MarkedProblem[];
  /** False when the text is too long to be looked at while somebody types. */
  readonly checked: boolean;
}

/** POST /queries/format as JSON; as a page it is the workbench with the text. */
export interface FormattedView {
  readonly sql: string;
  /** Why the text was left as it is; null when it was formatted. */
  readonly problem: string | null;
}
