import type { Deviation, SandboxSpec, SandboxState } from '../provisioning.js';
import type { DatabaseFacts, InnerFacts, LoginFacts, ServerFacts } from './provisioner-facts.js';
import {
  defaultPrivileges,
  endSessions,
  loginLimits,
  loginSettings,
  passwordOf,
  type WhichLogin,
} from './provisioner-logins.js';
import { databaseGrants } from './provisioner-ownership.js';
import { ident, literal, PLATFORM_OWNER } from './provisioner-sql.js';
import { matchesVerifier } from './scram.js';

/** One line of the table of what should be: whether it holds, and the statement that makes it hold. */
interface Rule {
  readonly what: string;
  readonly holds: boolean;
  readonly sql: string;
  /** Where the statement runs; the maintenance database unless said. */
  readonly inside?: boolean;
}

/** Everything about a sandbox that is not as it should be, in the order in which it is to be repaired. */
export function findDeviations(
  spec: SandboxSpec,
  state: SandboxState,
  server: ServerFacts,
  inner: InnerFacts | null,
): Deviation[] {
  const { database, logins } = server;
  const rules = [
    ...loginRules(spec, 'writeLogin', state, logins.get(spec.writeLogin)),
    ...loginRules(spec, 'readLogin', state, logins.get(spec.readLogin)),
    ...databaseRules(spec, state, database),
    ...innerRules(spec, inner),
  ];
  return rules
    .filter(({ holds }) => !holds)
    .map(({ what, sql, inside }) => ({
      what,
      repair: sql === '' ? [] : [{ database: inside === true ? spec.database : null, sql }],
    }));
}

function loginRules(
  spec: SandboxSpec,
  which: WhichLogin,
  state: SandboxState,
  facts: LoginFacts | undefined,
): Rule[] {
  const label = which === 'writeLogin' ? 'write login' : 'read login';
  const login = ident(spec[which]);
  if (facts === undefined) return [{ what: `${label}: missing`, holds: false, sql: '' }];
  const password = which === 'writeLogin' ? spec.writePassword : spec.readPassword;
  const mayLogin = state === 'running';
  const others = facts.memberships.map(
    (role) => `revoke ${anyIdent(role)} from ${login};
    revoke ${login} from ${anyIdent(role)}`,
  );
  return [
    {
      what: `${label}: password`,
      // Where the admin may not read verifiers nothing can be compared: the password is set again each time.
      holds: facts.verifier !== null && matchesVerifier(password, facts.verifier),
      sql: passwordOf(spec, which),
    },
    {
      what: `${label}: may ${mayLogin ? 'not ' : ''}sign in`,
      holds: facts.canLogin === mayLogin,
      sql: `alter role ${login} ${mayLogin ? 'login' : 'nologin'}`,
    },
    {
      what: `${label}: attributes`,
      holds: !facts.elevated && !facts.expires,
      sql: `alter role ${login} nosuperuser nocreatedb nocreaterole noreplication nobypassrls valid until 'infinity'`,
    },
    {
      what: `${label}: connection limit`,
      holds: facts.connectionLimit === spec.connectionLimit,
      sql: `alter role ${login} connection limit ${String(spec.connectionLimit)}`,
    },
    {
      what: `${label}: settings`,
      holds: sameSet(facts.settings, settingLines(spec, which)),
      sql: `alter role ${login} in database ${ident(spec.database)} reset all; ${loginLimits(spec, which)}`,
    },
    { what: `${label}: memberships`, holds: facts.memberships.length === 0, sql: others.join(';\n') },
    {
      what: `${label}: marker`,
      holds: facts.marker === spec.marker,
      sql: `comment on role ${login} is ${literal(spec.marker)}`,
    },
  ];
}

function databaseRules(spec: SandboxSpec, state: SandboxState, facts: DatabaseFacts | null): Rule[] {
  if (facts === null) return [{ what: 'database: missing', holds: false, sql: '' }];
  const { writeLogin, readLogin } = spec;
  const name = ident(spec.database);
  const running = state === 'running';
  const expected = [
    ...['CONNECT', 'CREATE', 'TEMPORARY'].map((privilege) => `${writeLogin}=${privilege}`),
    `${readLogin}=CONNECT`,
  ];
  const strangers = granteesOf(facts.privileges)
    .filter((grantee) => grantee !== PLATFORM_OWNER)
    .map((grantee) => `revoke all on database ${name} from ${anyIdent(grantee)} cascade`);
  return [
    {
      what: 'database: owner',
      holds: facts.owner === PLATFORM_OWNER,
      sql: `alter database ${name} owner to ${ident(PLATFORM_OWNER)}`,
    },
    {
      what: 'database: privileges',
      holds: sameSet(facts.privileges, expected),
      sql: [...strangers, databaseGrants(spec)].join(';\n'),
    },
    {
      what: 'database: connections',
      holds: facts.allowsConnections === running && facts.connectionLimit === -1 && !facts.isTemplate,
      sql: `alter database ${name} with allow_connections ${String(running)} connection limit -1 is_template false`,
    },
    {
      what: 'database: marker',
      holds: facts.marker === spec.marker,
      sql: `comment on database ${name} is ${literal(spec.marker)}`,
    },
    { what: 'database: sessions', holds: running || facts.sessions === 0, sql: endSessions(spec) },
  ];
}

function innerRules(spec: SandboxSpec, facts: InnerFacts | null): Rule[] {
  if (facts === null) return [];
  const { writeLogin, readLogin } = spec;
  const strangers = granteesOf(facts.publicPrivileges).map(
    (grantee) => `revoke all on schema public from ${anyIdent(grantee)} cascade`,
  );
  return [
    {
      what: 'schema public: owner',
      holds: facts.publicOwner === PLATFORM_OWNER,
      sql: `alter schema public owner to ${ident(PLATFORM_OWNER)}`,
      inside: true,
    },
    {
      what: 'schema public: privileges',
      holds: sameSet(facts.publicPrivileges, [
        `${writeLogin}=CREATE`,
        `${writeLogin}=USAGE`,
        `${readLogin}=USAGE`,
      ]),
      sql: [
        ...strangers,
        `grant usage, create on schema public to ${ident(writeLogin)}`,
        `grant usage on schema public to ${ident(readLogin)}`,
      ].join(';\n'),
      inside: true,
    },
    {
      what: 'default privileges',
      holds: hasDefaults(facts, readLogin),
      sql: defaultPrivileges(spec),
      inside: true,
    },
  ];
}

/** What a write login adds for others in its own database is its business; what the reader needs must be there. */
function hasDefaults({ defaults, routineDefaults }: InnerFacts, readLogin: string): boolean {
  const needed = [`n:${readLogin}=USAGE`, `r:${readLogin}=SELECT`, `S:${readLogin}=SELECT`];
  const open = defaults.some((entry) => entry.startsWith('f:=EXECUTE'));
  return routineDefaults && !open && needed.every((entry) => defaults.includes(entry));
}

function settingLines(spec: SandboxSpec, which: WhichLogin): string[] {
  return Object.entries(loginSettings(spec, which)).map(([name, value]) => `${name}=${value}`);
}

function granteesOf(privileges: readonly string[]): string[] {
  return [...new Set(privileges.map((entry) => entry.slice(0, entry.lastIndexOf('='))))];
}

/** Names read from the server may be anything. */
function anyIdent(name: string): string {
  return name === '' ? 'public' : `"${name.replaceAll('"', '""')}"`;
}

function sameSet(actual: readonly string[], expected: readonly string[]): boolean {
  const sorted = [...expected].sort();
  return actual.length === sorted.length && [...actual].sort().every((entry, i) => entry === sorted[i]);
}
