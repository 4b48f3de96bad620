import { parseSync } from 'libpg-query';
import type { Finding } from '../../engine.js';
import { tagged } from '../analysis/tree.js';
import { CHANGE_RULES } from './change-rules.js';
import { Parsed } from './parsed.js';
import { QUERY_RULES } from './query-rules.js';
import type { ReviewRule } from './rule.js';
import { TABLE_RULES } from './table-rules.js';
import { WRITE_RULES } from './write-rules.js';

/** Every review rule of PostgreSQL, in the order in which findings are shown. */
export const POSTGRES_RULES: readonly ReviewRule[] = [
  ...WRITE_RULES,
  ...CHANGE_RULES,
  ...TABLE_RULES,
  ...QUERY_RULES,
];

/**
 * What is worth knowing about one statement before it runs, from its tree. A rule that fails is a finding itself:
 * what could not be judged is not taken for harmless.
 */
export function review(text: string): Finding[] {
  const { stmts = [] } = parseSync(text) as { stmts?: readonly { stmt?: unknown }[] };
  return stmts.flatMap(({ stmt }) => {
    const [type, fields] = tagged(stmt) ?? ['', {}];
    const statement = new Parsed(type, fields);
    return POSTGRES_RULES.flatMap((rule) => findingOf(rule, statement));
  });
}

function findingOf({ code, severity, message, applies }: ReviewRule, statement: Parsed): Finding[] {
  try {
    return applies(statement) ? [{ code, severity, message }] : [];
  } catch {
    return [
      {
        code: 'rule_failed',
        severity: 'warning',
        message: `The rule ${code} could not judge this statement.`,
      },
    ];
  }
}
