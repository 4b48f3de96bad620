import type { SandboxNames, SandboxSpec } from '../provisioning.js';
import { ident, literal } from './provisioner-sql.js';
import { scramVerifier } from './scram.js';

export type WhichLogin = 'writeLogin' | 'readLogin';

export function newLogin(spec: SandboxSpec, which: WhichLogin): string {
  const login = ident(spec[which]);
  return `
    create role ${login} nologin nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls;
    ${loginLimits(spec, which)};
    ${passwordOf(spec, which)};
    comment on role ${login} is ${literal(spec.marker)};`;
}

/** The settings a login gets, in the form in which the server keeps them. */
export function loginSettings(spec: SandboxSpec, which: WhichLogin): Readonly<Record<string, string>> {
  return {
    statement_timeout: String(spec.statementTimeoutMs),
    idle_in_transaction_session_timeout: String(spec.idleInTransactionTimeoutMs),
    temp_file_limit: String(spec.tempFileLimitMb * 1024),
    ...(which === 'readLogin' && { default_transaction_read_only: 'on' }),
  };
}

export function loginLimits(spec: SandboxSpec, which: WhichLogin): string {
  const login = ident(spec[which]);
  const settings = Object.entries(loginSettings(spec, which));
  return [
    `alter role ${login} connection limit ${String(spec.connectionLimit)}`,
    `alter role ${login} reset all`,
    ...settings.map(([name, value]) => `alter role ${login} set ${name} = ${literal(value)}`),
  ].join(';\n');
}

export function passwordOf(spec: SandboxSpec, which: WhichLogin): string {
  const password = which === 'writeLogin' ? spec.writePassword : spec.readPassword;
  return `alter role ${ident(spec[which])} password ${literal(scramVerifier(password))}`;
}

/** What the write login makes later is readable for the read login, in schemas made later too; its code is not. */
export function defaultPrivileges({ writeLogin, readLogin }: SandboxNames): string {
  const makes = `alter default privileges for role ${ident(writeLogin)}`;
  const reader = ident(readLogin);
  return `
    ${makes} grant usage on schemas to ${reader};
    ${makes} grant select on tables to ${reader};
    ${makes} grant select on sequences to ${reader};
    ${makes} revoke execute on routines from public`;
}

export function letIn({ database, writeLogin, readLogin }: SandboxNames): string {
  return `
    alter database ${ident(database)} with allow_connections true;
    alter role ${ident(writeLogin)} login; alter role ${ident(readLogin)} login`;
}

export function endSessions({ database }: SandboxNames): string {
  return `select pg_terminate_backend(pid, 5000) from pg_stat_activity
           where datname = ${literal(database)} and pid <> pg_backend_pid()`;
}
