import type {
  Provisioner,
  ProvisionStep,
  SandboxInspector,
  SandboxNames,
  SandboxSpec,
  SandboxTemplate,
  ServerAdmin,
} from '../provisioning.js';
import { PostgresInspector } from './provisioner-inspection.js';
import { defaultPrivileges, endSessions, letIn, newLogin, passwordOf } from './provisioner-logins.js';
import { databaseGrants, reown, takeOver } from './provisioner-ownership.js';
import { ident, literal, PLATFORM_OWNER } from './provisioner-sql.js';
import { PostgresServerAdmin } from './server-admin.js';
import { templateDatabase, templateSteps, writerGrants } from './provisioner-templates.js';

const server = (sql: string): ProvisionStep => ({ database: null, sql });

/**
 * Sandboxes on PostgreSQL 15 and newer, made with a superuser's login. The server itself keeps them apart: the database belongs to the platform, its
 * two logins may connect to nothing else, and what a login can change about itself the inspector finds and repairs.
 */
export class PostgresProvisioner implements Provisioner {
  readonly inspector: SandboxInspector = new PostgresInspector();

  connect(url: string): ServerAdmin {
    return new PostgresServerAdmin(url);
  }

  prepareServer(): readonly ProvisionStep[] {
    const owner = literal(PLATFORM_OWNER);
    return [
      {
        ...server(`create role ${ident(PLATFORM_OWNER)} nologin noinherit`),
        unless: `select from pg_roles where rolname = ${owner}`,
      },
      {
        ...server(`grant ${ident(PLATFORM_OWNER)} to current_user`),
        unless: `select where pg_has_role(current_user, ${owner}, 'member')`,
      },
      server('revoke all on database postgres, template1 from public'),
      { database: null, sql: 'revoke all on schema public from public' },
      { database: 'template1', sql: 'revoke all on schema public from public' },
      ...templateSteps('blank'),
      ...templateSteps('sample'),
    ];
  }

  create(spec: SandboxSpec, source: SandboxTemplate | SandboxNames): readonly ProvisionStep[] {
    return [
      server(newLogin(spec, 'writeLogin') + newLogin(spec, 'readLogin')),
      ...newDatabase(spec, source),
      server(letIn(spec)),
    ];
  }

  start(names: SandboxNames): readonly ProvisionStep[] {
    return [server(letIn(names))];
  }

  stop(names: SandboxNames): readonly ProvisionStep[] {
    const { database, writeLogin, readLogin } = names;
    return [
      // Committed before sessions are ended: they could come back in between otherwise.
      server(`alter role ${ident(writeLogin)} nologin; alter role ${ident(readLogin)} nologin;
              alter database ${ident(database)} with allow_connections false`),
      server(endSessions(names)),
    ];
  }

  rotate(spec: SandboxSpec): readonly ProvisionStep[] {
    return [
      server(`${passwordOf(spec, 'writeLogin')}; ${passwordOf(spec, 'readLogin')}`),
      server(endSessions(spec)),
    ];
  }

  reset(spec: SandboxSpec, template: SandboxTemplate): readonly ProvisionStep[] {
    const { database, writeLogin, readLogin } = spec;
    return [
      server(`alter role ${ident(writeLogin)} nologin; alter role ${ident(readLogin)} nologin`),
      server(`drop database if exists ${ident(database)} with (force)`),
      ...newDatabase(spec, template),
      server(letIn(spec)),
    ];
  }

  drop({ database, writeLogin, readLogin }: SandboxNames): readonly ProvisionStep[] {
    return [
      server(`drop database if exists ${ident(database)} with (force)`),
      server(`drop role if exists ${ident(writeLogin)}, ${ident(readLogin)}`),
    ];
  }
}

/**
 * Copies the source while nobody can connect, closes the copy, and only then opens it. Copying files instead of pages
 * through the log would force two checkpoints: seconds for everybody when much was written lately.
 */
function newDatabase(spec: SandboxSpec, source: SandboxTemplate | SandboxNames): ProvisionStep[] {
  const { database } = spec;
  const name = ident(database);
  const from = typeof source === 'string' ? templateDatabase(source) : source.database;
  const inside =
    typeof source === 'string'
      ? reown(PLATFORM_OWNER, spec.writeLogin) + readerGrants(spec.readLogin)
      : takeOver(source, spec);
  return [
    server(`create database ${name} template ${ident(from)} owner ${ident(PLATFORM_OWNER)} strategy wal_log
              allow_connections false is_template false`),
    server(`revoke all on database ${name} from public; comment on database ${name} is ${literal(spec.marker)};
            alter database ${name} with allow_connections true`),
    { database, sql: `${inside}; ${writerGrants(spec.writeLogin)}; ${defaultPrivileges(spec)}` },
    server(databaseGrants(spec)),
  ];
}

function readerGrants(readLogin: string): string {
  const reader = ident(readLogin);
  return `
    grant usage on schema public to ${reader};
    grant select on all tables in schema public to ${reader};
    grant select on all sequences in schema public to ${reader};`;
}
