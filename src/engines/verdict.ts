import type { StatementClass } from './engine.js';

/** How strict a statement has to be treated, and why when that is not plain from its verb. */
export interface Verdict {
  readonly class: StatementClass;
  readonly reason: string | null;
}

const STRICTNESS: Readonly<Record<StatementClass, number>> = {
  read: 0,
  dml: 1,
  ddl: 2,
  control: 3,
  admin: 4,
};

/** A class, with the reason when it is not plain from the verb. */
export const verdict = (statementClass: StatementClass, reason: string | null = null): Verdict => ({
  class: statementClass,
  reason,
});

/** Statements of this kind are never run; the reason is shown to people. */
export const refused = (reason: string): Verdict => verdict('admin', reason);

/** The stricter of two, the first when they are equally strict. */
export function stricter(left: Verdict, right: Verdict): Verdict {
  return STRICTNESS[right.class] > STRICTNESS[left.class] ? right : left;
}
