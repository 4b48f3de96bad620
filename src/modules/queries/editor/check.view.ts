import { excerptOf, type Excerpt } from '../excerpt.js';
import type { CheckedStatement, CheckView, MarkedProblem } from './editor.types.js';

/** POST /queries/check as a page, for browsers without a script: template `workbench/check`. */
export interface CheckPage {
  readonly databaseId: string;
  readonly sql: string;
  readonly checked: boolean;
  readonly statements: readonly (CheckedStatement & { readonly text: string })[];
  readonly problems: readonly (MarkedProblem & { readonly excerpt: Excerpt })[];
}

const SHOWN = 200;

export function checkPage(
  { checked, statements, problems }: CheckView,
  databaseId: string,
  sql: string,
): CheckPage {
  return {
    databaseId,
    sql,
    checked,
    statements: statements.map((statement) => ({ ...statement, text: shortened(sql, statement) })),
    problems: problems.map((problem) => ({ ...problem, excerpt: excerptOf(sql, problem.from) })),
  };
}

function shortened(sql: string, { from, to }: { from: number; to: number }): string {
  const text = sql.slice(from, Math.min(to, from + SHOWN));
  return to - from > SHOWN ? `${text}…` : text;
}
