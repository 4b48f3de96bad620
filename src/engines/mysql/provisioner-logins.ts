import type { ProvisionStep, SandboxNames, SandboxSpec } from '../provisioning.js';
import { account, grantPattern, literal, OBJECTS } from './provisioner-sql.js';

export type WhichLogin = 'writeLogin' | 'readLogin';
export const LOGINS: readonly WhichLogin[] = ['writeLogin', 'readLogin'];

export const server = (sql: string): ProvisionStep => ({ database: null, sql });

/** One more than people get: a statement is cancelled over a connection of its own with the same login. */
const CANCELLING = 1;

const READ = ['SELECT', 'SHOW VIEW'];
const REMOVE = ['DELETE', 'DROP', 'EXECUTE', 'LOCK TABLES'];
const ADD = [
  'INSERT',
  'UPDATE',
  'CREATE',
  'ALTER',
  'INDEX',
  'REFERENCES',
  'TRIGGER',
  'CREATE VIEW',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'CREATE TEMPORARY TABLES',
];

/** What a login may do in its database. EVENT is left out: events run on while a database is stopped. */
export function privilegesOf(spec: SandboxSpec, which: WhichLogin): readonly string[] {
  if (which === 'readLogin') return READ;
  return spec.overQuota === true ? [...READ, ...REMOVE] : [...READ, ...REMOVE, ...ADD];
}

export function newLogin(spec: SandboxSpec, which: WhichLogin): ProvisionStep[] {
  const password = which === 'writeLogin' ? spec.writePassword : spec.readPassword;
  return [
    mark(spec[which], 'login', spec.marker),
    server(
      `create user ${account(spec[which])} identified by ${literal(password)} ${limitsOf(spec)} account lock`,
    ),
  ];
}

/** MySQL knows no time limit of a login; the inspector watches over it on both. */
export function limitsOf({ connectionLimit, statementTimeoutMs }: SandboxSpec): string {
  const seconds = String(Math.ceil(statementTimeoutMs / 1000));
  return `with max_user_connections ${String(connectionsOf(connectionLimit))} /*M! max_statement_time ${seconds} */`;
}

export function connectionsOf(connectionLimit: number): number {
  return connectionLimit + CANCELLING;
}

export function passwordOf(spec: SandboxSpec, which: WhichLogin): string {
  const password = which === 'writeLogin' ? spec.writePassword : spec.readPassword;
  return `alter user ${account(spec[which])} identified by ${literal(password)}`;
}

export function grantTo(spec: SandboxSpec, which: WhichLogin): ProvisionStep {
  const privileges = privilegesOf(spec, which).join(', ');
  return server(`grant ${privileges} on ${grantPattern(spec.database)}.* to ${account(spec[which])}`);
}

/** Takes everything away before it gives what is right: in between statements are refused, and none is let through. */
export function regrant(spec: SandboxSpec, which: WhichLogin): ProvisionStep[] {
  return [server(`revoke all privileges, grant option from ${account(spec[which])}`), grantTo(spec, which)];
}

export function letIn({ writeLogin, readLogin }: SandboxNames): ProvisionStep[] {
  return [writeLogin, readLogin].map((login) => server(`alter user ${account(login)} account unlock`));
}

/** A login that is locked keeps the sessions that it has. */
export function shutOut(names: SandboxNames): ProvisionStep[] {
  const { writeLogin, readLogin } = names;
  return [
    ...[writeLogin, readLogin].map((login) => server(`alter user ${account(login)} account lock`)),
    endSessions(names),
  ];
}

export function endSessions({ writeLogin, readLogin }: SandboxNames): ProvisionStep {
  return {
    ...server(
      `select concat('kill ', id) from information_schema.processlist
        where user in (${literal(writeLogin)}, ${literal(readLogin)})`,
    ),
    expands: 'in order',
  };
}

export function mark(name: string, kind: 'database' | 'login', marker: string): ProvisionStep {
  const [object, what, text] = [name, kind, marker].map(literal);
  return server(
    `replace into ${OBJECTS} (name, kind, marker) values (${object ?? ''}, ${what ?? ''}, ${text ?? ''})`,
  );
}
