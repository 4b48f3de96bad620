import type { Provisioner, ProvisionStep, SandboxNames, SandboxSpec, SandboxTemplate } from '../engine.js';
import { SAMPLE_SQL } from './sample-template.js';
import { scramVerifier } from './scram.js';

/** Owns every sandbox database and its public schema; nobody logs in as it. */
export const OWNER = 'clouddb_sandbox_owner';

const TEMPLATES: Readonly<Record<SandboxTemplate, string>> = {
  blank: 'clouddb_tpl_blank_1',
  sample: 'clouddb_tpl_sample_1',
};

const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const onServer = (sql: string): ProvisionStep => ({ database: null, sql });

/** Functions that any login may call by default and no sandbox needs: files, other servers, other sessions, locks. */
const CLOSE_FUNCTIONS = `
  do $$
  declare f record;
  begin
    for f in
      select p.oid::regprocedure as signature from pg_proc p
       where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and p.proname <> 'pg_advisory_unlock_all'
         and (p.proname ~ '^(lo_|lowrite$|loread$|pg_read_|pg_ls_|pg_stat_file|pg_advisory|pg_try_advisory)'
           or p.proname ~ '^(query|cursor|table|schema|database)_to_xml' or p.proname = 'ts_stat'
           or p.proname in ('pg_notify', 'pg_export_snapshot', 'pg_logical_emit_message', 'pg_cancel_backend', 'pg_terminate_backend'))
    loop
      execute format('revoke execute on function %s from public', f.signature);
    end loop;
  end $$`;

/** The statements that make, change and remove sandboxes on PostgreSQL 15 and newer. They need a superuser. */
export class PostgresProvisioner implements Provisioner {
  templateName(template: SandboxTemplate): string {
    return TEMPLATES[template];
  }

  prepareServer(): readonly ProvisionStep[] {
    return [
      onServer(`do $$ begin
        if not exists (select from pg_roles where rolname = ${literal(OWNER)}) then create role ${OWNER} nologin; end if;
      end $$`),
      onServer('revoke connect, temporary on database postgres, template1 from public'),
    ];
  }

  /** Made under another name first: the final one tells that it is complete. */
  makeTemplate(template: SandboxTemplate): readonly ProvisionStep[] {
    const unfinished = `${TEMPLATES[template]}_new`;
    const inside = (sql: string): ProvisionStep => ({ database: unfinished, sql });
    return [
      onServer(`drop database if exists ${unfinished} with (force)`),
      onServer(`create database ${unfinished} template template0 encoding 'UTF8' owner ${OWNER}`),
      onServer(`revoke all on database ${unfinished} from public`),
      inside(CLOSE_FUNCTIONS),
      inside(`alter schema public owner to ${OWNER}; revoke all on schema public from public`),
      ...(template === 'sample' ? [inside(`set role ${OWNER}; ${SAMPLE_SQL}`)] : []),
      onServer(`alter database ${unfinished} with is_template true allow_connections false`),
      onServer(`alter database ${unfinished} rename to ${TEMPLATES[template]}`),
    ];
  }

  create(spec: SandboxSpec, template: SandboxTemplate): readonly ProvisionStep[] {
    return [...this.makeLogins(spec), ...this.makeDatabase(spec, template), ...this.openLogins(spec)];
  }

  /** The database anew, with the logins as they are. */
  reset(spec: SandboxSpec, template: SandboxTemplate): readonly ProvisionStep[] {
    return [
      onServer(`drop database if exists ${ident(spec.database)} with (force)`),
      ...this.makeDatabase(spec, template),
      ...this.openLogins(spec),
    ];
  }

  /** Copies `source`; nobody may be connected to it meanwhile. */
  clone(spec: SandboxSpec, source: SandboxNames): readonly ProvisionStep[] {
    const from = ident(source.database);
    return [
      ...this.makeLogins(spec),
      onServer(`alter database ${from} with allow_connections false`),
      terminate(source.database),
      onServer(`create database ${ident(spec.database)} template ${from} owner ${OWNER}`),
      onServer(`alter database ${from} with allow_connections true`),
      ...this.closeDatabase(spec),
      { database: spec.database, sql: handOver(spec, [source.writeLogin, OWNER]) },
      { database: spec.database, sql: letGo(source) },
      { database: spec.database, sql: grantInside(spec) },
      ...this.openLogins(spec),
    ];
  }

  start({ database, writeLogin, readLogin }: SandboxNames): readonly ProvisionStep[] {
    return [
      onServer(`alter database ${ident(database)} with allow_connections true`),
      onServer(`alter role ${ident(writeLogin)} login`),
      onServer(`alter role ${ident(readLogin)} login`),
    ];
  }

  stop({ database, writeLogin, readLogin }: SandboxNames): readonly ProvisionStep[] {
    return [
      onServer(`alter role ${ident(writeLogin)} nologin`),
      onServer(`alter role ${ident(readLogin)} nologin`),
      onServer(`alter database ${ident(database)} with allow_connections false`),
      terminate(database),
    ];
  }

  rotate(spec: SandboxSpec): readonly ProvisionStep[] {
    return [
      onServer(`alter role ${ident(spec.writeLogin)} password ${literal(scramVerifier(spec.writePassword))}`),
      onServer(`alter role ${ident(spec.readLogin)} password ${literal(scramVerifier(spec.readPassword))}`),
      terminate(spec.database),
    ];
  }

  drop({ database, writeLogin, readLogin }: SandboxNames): readonly ProvisionStep[] {
    return [
      onServer(`drop database if exists ${ident(database)} with (force)`),
      onServer(`drop role if exists ${ident(writeLogin)}`),
      onServer(`drop role if exists ${ident(readLogin)}`),
    ];
  }

  /** Limits, settings and passwords of the logins, and what they may reach: as they should be. Can be run at any time. */
  repair(spec: SandboxSpec, running: boolean): readonly ProvisionStep[] {
    const attributes = 'nosuperuser nocreatedb nocreaterole noreplication nobypassrls';
    const login = running ? 'login' : 'nologin';
    const roles = [
      [spec.writeLogin, spec.writePassword],
      [spec.readLogin, spec.readPassword],
    ] as const;
    return [
      ...roles.flatMap(([name, password]) => [
        onServer(
          `alter role ${ident(name)} ${attributes} ${login} connection limit ${String(spec.connectionLimit)} password ${literal(scramVerifier(password))}`,
        ),
        ...settings(name, spec),
      ]),
      ...this.closeDatabase(spec),
      onServer(`alter database ${ident(spec.database)} with connection limit -1`),
      ...(running ? [{ database: spec.database, sql: grantInside(spec) }] : []),
    ];
  }

  private makeLogins(spec: SandboxSpec): readonly ProvisionStep[] {
    const make = (name: string, password: string): ProvisionStep =>
      onServer(
        `create role ${ident(name)} nologin connection limit ${String(spec.connectionLimit)} password ${literal(scramVerifier(password))}`,
      );
    return [
      make(spec.writeLogin, spec.writePassword),
      make(spec.readLogin, spec.readPassword),
      ...settings(spec.writeLogin, spec),
      ...settings(spec.readLogin, spec),
    ];
  }

  private makeDatabase(spec: SandboxSpec, template: SandboxTemplate): readonly ProvisionStep[] {
    return [
      onServer(
        `create database ${ident(spec.database)} template ${TEMPLATES[template]} owner ${OWNER} allow_connections true is_template false`,
      ),
      ...this.closeDatabase(spec),
      { database: spec.database, sql: handOver(spec, [OWNER]) },
      { database: spec.database, sql: grantInside(spec) },
    ];
  }

  private closeDatabase({ database, writeLogin, readLogin }: SandboxSpec): readonly ProvisionStep[] {
    const name = ident(database);
    return [
      onServer(`alter database ${name} owner to ${OWNER}`),
      onServer(`revoke all on database ${name} from public`),
      onServer(`grant connect, create, temporary on database ${name} to ${ident(writeLogin)}`),
      onServer(`grant connect on database ${name} to ${ident(readLogin)}`),
    ];
  }

  private openLogins({ writeLogin, readLogin }: SandboxSpec): readonly ProvisionStep[] {
    return [
      onServer(`alter role ${ident(writeLogin)} login`),
      onServer(`alter role ${ident(readLogin)} login`),
    ];
  }
}

function terminate(database: string): ProvisionStep {
  return onServer(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = ${literal(database)} and pid <> pg_backend_pid()`,
  );
}

function settings(login: string, spec: SandboxSpec): readonly ProvisionStep[] {
  const set = (name: string, value: string): ProvisionStep =>
    onServer(`alter role ${ident(login)} set ${name} = ${literal(value)}`);
  return [
    onServer(`alter role ${ident(login)} reset all`),
    set('statement_timeout', `${String(spec.statementTimeoutMs)}ms`),
    set('idle_in_transaction_session_timeout', `${String(spec.idleInTransactionTimeoutMs)}ms`),
    set('temp_file_limit', `${String(spec.tempFileLimitMb)}MB`),
  ];
}

/** The write login's own objects, and what the read login may see of them, now and later. */
function grantInside({ writeLogin, readLogin }: SandboxSpec): string {
  const [write, read] = [ident(writeLogin), ident(readLogin)];
  return `
    alter schema public owner to ${OWNER};
    revoke all on schema public from public;
    grant usage, create on schema public to ${write};
    alter default privileges for role ${write} grant usage on schemas to ${read};
    alter default privileges for role ${write} grant select on tables to ${read};
    alter default privileges for role ${write} grant select on sequences to ${read};
    alter default privileges for role ${write} revoke execute on routines from public;
    do $$
    declare s name;
    begin
      for s in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
        execute format('grant usage on schema %I to ${read}', s);
        execute format('grant select on all tables in schema %I to ${read}', s);
        execute format('grant select on all sequences in schema %I to ${read}', s);
        execute format('revoke execute on all routines in schema %I from public', s);
        execute format('grant execute on all routines in schema %I to ${write}', s);
      end loop;
    end $$`;
}

/**
 * Gives objects to the write login one by one. REASSIGN OWNED would also move what the old owner has elsewhere: inside
 * of a clone it moves the source's database.
 */
function handOver({ writeLogin }: SandboxSpec, from: readonly string[]): string {
  const to = ident(writeLogin);
  const owners = from.map((name) => literal(name)).join(', ');
  return `
    do $$
    declare o record; owners oid[] := array(select oid from pg_roles where rolname in (${owners}));
    begin
      for o in
        select format('table %s', c.oid::regclass) as what from pg_class c
         where c.relowner = any(owners) and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
           and c.relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_')
           and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass
                             and d.deptype in ('a', 'i') and c.relkind = 'S')
        union all
        select format('%s %s', case p.prokind when 'a' then 'aggregate' else 'routine' end, p.oid::regprocedure)
          from pg_proc p where p.proowner = any(owners)
        union all
        select format('type %s', t.oid::regtype) from pg_type t
         where t.typowner = any(owners) and (t.typtype in ('e', 'd', 'r')
           or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
        union all
        select format('schema %I', n.nspname) from pg_namespace n
         where n.nspowner = any(owners) and n.nspname <> 'public'
        union all
        select format('statistics %I.%I', n.nspname, x.stxname)
          from pg_statistic_ext x join pg_namespace n on n.oid = x.stxnamespace where x.stxowner = any(owners)
        union all
        select format('collation %I.%I', n.nspname, x.collname)
          from pg_collation x join pg_namespace n on n.oid = x.collnamespace where x.collowner = any(owners)
      loop
        execute format('alter %s owner to %s', o.what, ${literal(to)});
      end loop;
    end $$`;
}

/**
 * Takes the source's logins out of the copy, one at a time: default privileges name both, and a DROP OWNED of both at
 * once meets the same entry twice ("could not find tuple for default ACL"). DROP OWNED also takes what they may on their own database: given back at once.
 */
function letGo({ database, writeLogin, readLogin }: SandboxNames): string {
  const [name, write, read] = [ident(database), ident(writeLogin), ident(readLogin)];
  return `
    begin;
    drop owned by ${read};
    drop owned by ${write};
    grant connect, create, temporary on database ${name} to ${write};
    grant connect on database ${name} to ${read};
    commit`;
}
