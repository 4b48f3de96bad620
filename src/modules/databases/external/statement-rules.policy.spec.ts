import { ROLES } from '../../../platform/access/roles.js';
import { EXTERNAL_ENVIRONMENTS, RULE_CLASSES } from './external.types.js';
import { DEFAULT_RULES, readRules, ruleFor, type RuleFacts } from './statement-rules.policy.js';

const facts = (changes: Partial<RuleFacts> = {}): RuleFacts => {
  const environment = changes.environment ?? 'development';
  return {
    environment,
    rules: DEFAULT_RULES[environment],
    readLoginWrites: false,
    hasWriteLogin: true,
    ...changes,
  };
};

/** One line a role: what becomes of read, dml, ddl, control and admin. */
const table = (
  environment: 'development' | 'staging' | 'production',
  changes: Partial<RuleFacts> = {},
): string[] =>
  ROLES.map((role) =>
    [
      role,
      ...(['read', 'dml', 'ddl', 'control', 'admin'] as const).map(
        (kind) => ruleFor(kind, role, facts({ environment, ...changes })).outcome,
      ),
    ].join(' '),
  );

it('lets development run, but viewers only read', () => {
  expect(table('development')).toEqual([
    'viewer run refuse refuse refuse refuse',
    'developer run run run run refuse',
    'manager run run run run refuse',
    'tenant_admin run run run run refuse',
  ]);
});

it('lets staging be changed by managers, and its schema after approval', () => {
  expect(table('staging')).toEqual([
    'viewer run refuse refuse refuse refuse',
    'developer run needs_approval needs_approval needs_approval refuse',
    'manager run run needs_approval run refuse',
    'tenant_admin run run needs_approval run refuse',
  ]);
});

it('lets managers read production, and everything else wait for approval', () => {
  expect(table('production')).toEqual([
    'viewer needs_approval refuse refuse refuse refuse',
    'developer needs_approval needs_approval needs_approval needs_approval refuse',
    'manager run needs_approval needs_approval needs_approval refuse',
    'tenant_admin run needs_approval needs_approval needs_approval refuse',
  ]);
});

it.each([
  [true, 'read_login_can_write'],
  [null, 'read_login_unknown'],
])('makes reads need approval when the read login writes is %s', (readLoginWrites, code) => {
  for (const environment of EXTERNAL_ENVIRONMENTS) {
    for (const role of ROLES) {
      const verdict = ruleFor('read', role, facts({ environment, readLoginWrites }));
      expect(verdict.outcome).toBe('needs_approval');
      expect(verdict.reasons.at(-1)).toMatchObject({ code });
    }
  }
  expect(ruleFor('dml', 'developer', facts({ readLoginWrites })).outcome).toBe('run');
});

it('gives every reason why a read needs approval', () => {
  const { reasons } = ruleFor(
    'read',
    'developer',
    facts({ environment: 'production', readLoginWrites: true }),
  );
  expect(reasons.map(({ code }) => code)).toEqual(['environment_rule', 'read_login_can_write']);
});

it('refuses to change anything without a write login, whatever the rules say', () => {
  for (const environment of EXTERNAL_ENVIRONMENTS) {
    const lacking = facts({ environment, hasWriteLogin: false });
    for (const kind of ['dml', 'ddl', 'control'] as const) {
      expect(ruleFor(kind, 'tenant_admin', lacking)).toMatchObject({
        outcome: 'refuse',
        reasons: [{ code: 'no_write_login' }],
      });
      expect(ruleFor(kind, 'viewer', lacking).reasons).toMatchObject([{ code: 'write_not_allowed' }]);
    }
    expect(ruleFor('read', 'tenant_admin', lacking).outcome).toBe('run');
  }
});

it('never lets a rule make a viewer write, nor anybody run admin statements', () => {
  const all = { read: 'run', dml: 'run', ddl: 'run' } as const;
  const open = { viewer: all, developer: all, manager: all, tenant_admin: all };
  expect(table('production', { rules: open })).toEqual([
    'viewer run refuse refuse refuse refuse',
    'developer run run run run refuse',
    'manager run run run run refuse',
    'tenant_admin run run run run refuse',
  ]);
});

it('refuses a read that the rules refuse, also when its login could write', () => {
  const rules = {
    ...DEFAULT_RULES.development,
    viewer: { read: 'refuse', dml: 'refuse', ddl: 'refuse' },
  } as const;
  expect(ruleFor('read', 'viewer', facts({ rules, readLoginWrites: true }))).toMatchObject({
    outcome: 'refuse',
    reasons: [{ code: 'environment_refuses' }],
  });
});

it('takes rules that are complete, and nothing else', () => {
  for (const environment of EXTERNAL_ENVIRONMENTS)
    expect(readRules(DEFAULT_RULES[environment])).toEqual(DEFAULT_RULES[environment]);
  const rules = structuredClone(DEFAULT_RULES.production) as Record<string, Record<string, string>>;
  for (const role of ROLES) {
    for (const kind of RULE_CLASSES) {
      for (const wrong of [undefined, 'maybe', 1, null])
        expect(readRules({ ...rules, [role]: { ...rules[role], [kind]: wrong } })).toBeUndefined();
    }
  }
  const { viewer, ...lacking } = rules;
  const more = { ...viewer, admin: 'run' };
  const wrong = [null, 'x', [], {}, lacking, { ...rules, owner: viewer }, { ...rules, viewer: more }];
  for (const given of wrong) expect(readRules(given)).toBeUndefined();
});
