import type { StatementClass } from '../../../engines/engine.js';
import { ROLES, type Role } from '../../../platform/access/roles.js';
import {
  OUTCOMES,
  RULE_CLASSES,
  type ExternalEnvironment,
  type Outcome,
  type RuleClass,
  type RuleVerdict,
  type StatementRules,
} from './external.types.js';

/** What decides over the statements of one external database. */
export interface RuleFacts {
  readonly environment: ExternalEnvironment;
  readonly rules: StatementRules;
  /** May the read login change something? Null when the server has not told. */
  readonly readLoginWrites: boolean | null;
  readonly hasWriteLogin: boolean;
}

const READER = { read: 'run', dml: 'refuse', ddl: 'refuse' } as const;

/** What holds as long as nobody has changed it. */
export const DEFAULT_RULES: Readonly<Record<ExternalEnvironment, StatementRules>> = {
  development: {
    viewer: READER,
    developer: { read: 'run', dml: 'run', ddl: 'run' },
    manager: { read: 'run', dml: 'run', ddl: 'run' },
    tenant_admin: { read: 'run', dml: 'run', ddl: 'run' },
  },
  staging: {
    viewer: READER,
    developer: { read: 'run', dml: 'needs_approval', ddl: 'needs_approval' },
    manager: { read: 'run', dml: 'run', ddl: 'needs_approval' },
    tenant_admin: { read: 'run', dml: 'run', ddl: 'needs_approval' },
  },
  production: {
    viewer: { read: 'needs_approval', dml: 'refuse', ddl: 'refuse' },
    developer: { read: 'needs_approval', dml: 'needs_approval', ddl: 'needs_approval' },
    manager: { read: 'run', dml: 'needs_approval', ddl: 'needs_approval' },
    tenant_admin: { read: 'run', dml: 'needs_approval', ddl: 'needs_approval' },
  },
};

const CLASS_WORDS: Readonly<Record<RuleClass, string>> = {
  read: 'reading',
  dml: 'changing rows',
  ddl: 'changing the schema',
};

/** What becomes of one statement of this class, run by somebody with this role. */
export function ruleFor(statement: StatementClass, role: Role, facts: RuleFacts): RuleVerdict {
  if (statement === 'admin') return refused('statement_refused', 'Statements of this kind never run here.');
  if (statement === 'read') return readRule(role, facts);
  if (role === 'viewer') return refused('write_not_allowed', 'Your role may only read.');
  if (!facts.hasWriteLogin) {
    return refused('no_write_login', 'No login that may change something is registered for this database.');
  }
  return byRule(statement === 'control' ? 'dml' : statement, role, facts);
}

function readRule(role: Role, facts: RuleFacts): RuleVerdict {
  const verdict = byRule('read', role, facts);
  if (verdict.outcome === 'refuse' || facts.readLoginWrites === false) return verdict;
  const reason =
    facts.readLoginWrites === null
      ? {
          code: 'read_login_unknown',
          message: 'It is not known whether the login for reading can change something.',
        }
      : { code: 'read_login_can_write', message: 'The login for reading can change something.' };
  return { outcome: 'needs_approval', reasons: [...verdict.reasons, reason] };
}

function byRule(statement: RuleClass, role: Role, { rules, environment }: RuleFacts): RuleVerdict {
  const outcome = rules[role][statement];
  if (outcome === 'run') return { outcome, reasons: [] };
  const what = `${CLASS_WORDS[statement]} in ${environment}`;
  return outcome === 'needs_approval'
    ? { outcome, reasons: [{ code: 'environment_rule', message: `The rules ask for approval of ${what}.` }] }
    : refused('environment_refuses', `The rules do not let your role go on with ${what}.`);
}

function refused(code: string, message: string): RuleVerdict {
  return { outcome: 'refuse', reasons: [{ code, message }] };
}

/** Rules as somebody sent or stored them; undefined unless every role and class has a known outcome. */
export function readRules(given: unknown): StatementRules | undefined {
  const complete = ROLES.every((role) =>
    RULE_CLASSES.every((kind) => OUTCOMES.includes(memberOf(memberOf(given, role), kind) as Outcome)),
  );
  if (
    !complete ||
    hasMore(given, ROLES) ||
    ROLES.some((role) => hasMore(memberOf(given, role), RULE_CLASSES))
  )
    return undefined;
  return given as StatementRules;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function hasMore(value: unknown, names: readonly string[]): boolean {
  return Object.keys(value as object).some((name) => !names.includes(name));
}
