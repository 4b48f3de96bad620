import { createHash } from 'node:crypto';
import type { Deviation, ProvisionStep, SandboxSpec, SandboxState } from '../provisioning.js';
import type { LoginFacts, ServerFacts } from './provisioner-facts.js';
import {
  connectionsOf,
  endSessions,
  limitsOf,
  mark,
  passwordOf,
  privilegesOf,
  regrant,
  server,
  type WhichLogin,
} from './provisioner-logins.js';
import { account, ident } from './provisioner-sql.js';

/** One line of the table of what should be: whether it holds, and what makes it hold. */
interface Rule {
  readonly what: string;
  readonly holds: boolean;
  readonly repair: readonly ProvisionStep[];
}

/** Everything about a sandbox that is not as it should be, in the order in which it is to be repaired. */
export function findDeviations(spec: SandboxSpec, state: SandboxState, facts: ServerFacts): Deviation[] {
  const rules = [
    ...loginRules(spec, 'writeLogin', state, facts.logins.get(spec.writeLogin)),
    ...loginRules(spec, 'readLogin', state, facts.logins.get(spec.readLogin)),
    ...databaseRules(spec, state, facts),
  ];
  return rules.filter(({ holds }) => !holds).map(({ what, repair }) => ({ what, repair }));
}

function loginRules(
  spec: SandboxSpec,
  which: WhichLogin,
  state: SandboxState,
  facts: LoginFacts | undefined,
): Rule[] {
  const label = which === 'writeLogin' ? 'write login' : 'read login';
  if (facts === undefined) return [{ what: `${label}: missing`, holds: false, repair: [] }];
  const login = account(spec[which]);
  const password = which === 'writeLogin' ? spec.writePassword : spec.readPassword;
  const locked = state !== 'running';
  return [
    {
      what: `${label}: password`,
      // Where the hash cannot be compared, the password is set again each time.
      holds: facts.passwordHash === hashOf(password),
      repair: [server(passwordOf(spec, which))],
    },
    {
      what: `${label}: may ${locked ? '' : 'not '}sign in`,
      holds: facts.locked === locked,
      repair: [server(`alter user ${login} account ${locked ? 'lock' : 'unlock'}`)],
    },
    {
      what: `${label}: limits`,
      holds: hasLimits(spec, facts),
      repair: [server(`alter user ${login} ${limitsOf(spec)}`)],
    },
    {
      what: `${label}: privileges`,
      holds: sameSet(facts.privileges, expectedPrivileges(spec, which)),
      repair: [...revokeOthers(facts, login), ...regrant(spec, which)],
    },
    {
      what: `${label}: marker`,
      holds: facts.marker === spec.marker,
      repair: [mark(spec[which], 'login', spec.marker)],
    },
  ];
}

function databaseRules(spec: SandboxSpec, state: SandboxState, { database, sessions }: ServerFacts): Rule[] {
  // A login may drop its own database; what was in it is gone, but it can begin anew.
  if (database === null) {
    return [
      {
        what: 'database: missing',
        holds: false,
        repair: [server(`create database ${ident(spec.database)}`)],
      },
    ];
  }
  return [
    {
      what: 'database: marker',
      holds: database.marker === spec.marker,
      repair: [mark(spec.database, 'database', spec.marker)],
    },
    {
      what: 'database: sessions',
      holds: state === 'running' || sessions === 0,
      repair: [endSessions(spec)],
    },
  ];
}

function hasLimits(spec: SandboxSpec, facts: LoginFacts): boolean {
  const seconds = Math.ceil(spec.statementTimeoutMs / 1000);
  return (
    facts.connectionLimit === connectionsOf(spec.connectionLimit) &&
    (facts.statementSeconds === null || facts.statementSeconds === seconds)
  );
}

function expectedPrivileges(spec: SandboxSpec, which: WhichLogin): string[] {
  const scope = spec.database.replaceAll('_', '\\_');
  return privilegesOf(spec, which).map((privilege) => `${scope}: ${privilege}`);
}

/** REVOKE ALL PRIVILEGES takes everything but roles. */
function revokeOthers({ privileges }: LoginFacts, login: string): ProvisionStep[] {
  const roles = privileges.flatMap((entry) => /^role (.+): MEMBER$/.exec(entry)?.[1] ?? []);
  return roles.map((role) => server(`revoke \`${role.replaceAll('`', '``')}\` from ${login}`));
}

/** What mysql_native_password keeps: SHA-1 of SHA-1 of the password. */
function hashOf(password: string): string {
  const once = createHash('sha1').update(password).digest();
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
}

function sameSet(actual: readonly string[], expected: readonly string[]): boolean {
  const sorted = [...expected].sort();
  return actual.length === sorted.length && [...actual].sort().every((entry, i) => entry === sorted[i]);
}
