import type { MigrationInterface, QueryRunner } from 'typeorm';

const PROVISIONED_ONLY = [
  'template',
  'server_id',
  'physical_name',
  'write_login',
  'read_login',
  'sealed_write_password',
  'sealed_read_password',
  'connection_limit',
] as const;

const each = (text: (column: string) => string): string => PROVISIONED_ONLY.map(text).join(' and ');

const ORIGIN = `
  alter table database add column origin text not null default 'provisioned'
    constraint ck_database_origin check (origin in ('provisioned', 'external'));
  ${PROVISIONED_ONLY.map((column) => `alter table database alter column ${column} drop not null;`).join('\n  ')}
  alter table database add constraint ck_database_origin_fields check (case origin
    when 'provisioned' then ${each((column) => `${column} is not null`)}
    else ${each((column) => `${column} is null`)} end);
  alter table database drop constraint ck_database_engine;
  alter table database add constraint ck_database_engine check (case origin
    when 'provisioned' then engine in ('postgres', 'mysql')
    else engine in ('postgres', 'mysql', 'sqlite', 'mongodb') end);
`;

const CONNECTION = `
  create table external_connection (
    database_id uuid constraint pk_external_connection primary key,
    tenant_id uuid not null,
    host text not null,
    port integer not null,
    database_name text not null,
    tls_mode text not null constraint ck_external_connection_tls check (tls_mode in ('off', 'on', 'verify')),
    tls_ca text,
    options jsonb not null default '{}',
    read_username text not null,
    sealed_read_password text,
    write_username text,
    sealed_write_password text,
    environment text not null
      constraint ck_external_connection_environment check (environment in ('development', 'staging', 'production')),
    rules jsonb,
    login_facts jsonb,
    checked_at timestamptz,
    constraint ck_external_connection_write check ((write_username is null) = (sealed_write_password is null)),
    constraint fk_external_connection_database foreign key (tenant_id, database_id)
      references database (tenant_id, id)
  );
`;

/** External databases run as long as they are registered; what is removed has no connection any more. */
const states = (external: string): string => `
  create or replace function database_check_transition() returns trigger language plpgsql as $$
  declare
    allowed constant jsonb := '{
      "provisioning": ["running", "failed"],
      "running": ["stopping", "resetting", "deleting"],
      "stopping": ["stopped"],
      "stopped": ["starting", "resetting", "deleting"],
      "starting": ["running"],
      "resetting": ["running", "failed"],
      "deleting": ["deleted"],
      "deleted": ["starting", "purging"],
      "purging": ["purged"],
      "failed": ["provisioning", "purging"],
      "purged": []}';
  begin${external}
    if tg_op = 'INSERT' then
      if new.status <> 'provisioning' then
        raise exception 'a database begins as provisioning, not as %', new.status using errcode = 'check_violation';
      end if;
    elsif new.status <> old.status and not (allowed -> old.status) ? new.status then
      raise exception 'a database cannot go from % to %', old.status, new.status using errcode = 'check_violation';
    end if;
    return new;
  end $$;
`;

const EXTERNAL_STATES = `
    if tg_op = 'UPDATE' and new.origin <> old.origin then
      raise exception 'a database keeps its origin' using errcode = 'check_violation';
    end if;
    if new.origin = 'external' then
      if new.status <> 'running' and (tg_op = 'INSERT' or new.status <> 'purged')
        or tg_op = 'UPDATE' and old.status = 'purged' and new.status <> 'purged' then
        raise exception 'an external database runs or is purged, and cannot be %', new.status
          using errcode = 'check_violation';
      end if;
      return new;
    end if;`;

/** Registered databases beside provisioned ones: where they are, their sealed logins, and the rules for statements. */
export class ExternalDatabases1795000000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ORIGIN);
    await runner.query(CONNECTION);
    await runner.query(states(EXTERNAL_STATES));
  }

  /** What was registered is gone with it, and so are the runs on it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table external_connection');
    await runner.query(states(''));
    for (const table of ['query_run', 'database_grant'])
      await runner.query(
        `delete from ${table} where database_id in (select id from database where origin = 'external')`,
      );
    await runner.query(`delete from database where origin = 'external'`);
    await runner.query(`
      alter table database drop constraint ck_database_engine, drop constraint ck_database_origin_fields;
      ${PROVISIONED_ONLY.map((column) => `alter table database alter column ${column} set not null;`).join('\n')}
      alter table database drop column origin;
      alter table database add constraint ck_database_engine check (engine in ('postgres', 'mysql'));
    `);
  }
}
