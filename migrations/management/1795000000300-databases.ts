import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  create table sandbox_server (
    id uuid constraint pk_sandbox_server primary key,
    engine text not null constraint ck_sandbox_server_engine check (engine in ('postgres', 'mysql')),
    name text not null constraint uq_sandbox_server_name unique,
    host text not null,
    port integer not null,
    version text not null,
    sealed_admin_url text not null,
    status text not null constraint ck_sandbox_server_status check (status in ('active', 'draining')),
    created_at timestamptz not null
  );

  create table database (
    id uuid constraint pk_database primary key,
    tenant_id uuid not null constraint fk_database_tenant references tenant (id),
    owner_id uuid not null,
    pod_id uuid,
    name text not null,
    engine text not null constraint ck_database_engine check (engine in ('postgres', 'mysql')),
    template text not null,
    source_id uuid,
    server_id uuid not null constraint fk_database_server references sandbox_server (id),
    physical_name text not null,
    write_login text not null,
    read_login text not null,
    sealed_write_password text not null,
    sealed_read_password text not null,
    connection_limit integer not null,
    status text not null,
    status_reason text,
    status_since timestamptz not null,
    auto_stop_minutes integer,
    protected boolean not null default false,
    last_used_at timestamptz,
    storage_bytes bigint,
    storage_measured_at timestamptz,
    deleted_at timestamptz,
    purge_at timestamptz,
    created_at timestamptz not null,
    constraint ck_database_status check (status in ('provisioning', 'running', 'stopping', 'stopped', 'starting',
      'resetting', 'deleting', 'deleted', 'purging', 'purged', 'failed')),
    constraint uq_database_tenant_id unique (tenant_id, id),
    constraint uq_database_physical_name unique (server_id, physical_name),
    constraint fk_database_owner foreign key (tenant_id, owner_id) references membership (tenant_id, id),
    constraint fk_database_pod foreign key (tenant_id, pod_id) references pod (tenant_id, id)
  );
  create unique index uq_database_name on database (tenant_id, lower(name))
    where status not in ('deleting', 'deleted', 'purging', 'purged');
  create index ix_database_status on database (status, status_since);

  create table database_grant (
    id uuid constraint pk_database_grant primary key,
    tenant_id uuid not null,
    database_id uuid not null,
    membership_id uuid,
    pod_id uuid,
    level text not null constraint ck_database_grant_level check (level in ('read', 'write', 'manage')),
    created_at timestamptz not null,
    constraint ck_database_grant_holder check ((membership_id is null) <> (pod_id is null)),
    constraint uq_database_grant_membership unique (database_id, membership_id),
    constraint uq_database_grant_pod unique (database_id, pod_id),
    constraint fk_database_grant_database foreign key (tenant_id, database_id) references database (tenant_id, id),
    constraint fk_database_grant_membership foreign key (tenant_id, membership_id)
      references membership (tenant_id, id),
    constraint fk_database_grant_pod foreign key (tenant_id, pod_id) references pod (tenant_id, id)
  );
`;

const STATES = `
  create function database_check_transition() returns trigger language plpgsql as $$
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
  begin
    if tg_op = 'INSERT' then
      if new.status <> 'provisioning' then
        raise exception 'a database begins as provisioning, not as %', new.status using errcode = 'check_violation';
      end if;
    elsif new.status <> old.status and not (allowed -> old.status) ? new.status then
      raise exception 'a database cannot go from % to %', old.status, new.status using errcode = 'check_violation';
    end if;
    return new;
  end $$;
  create trigger database_transition before insert or update on database
    for each row execute function database_check_transition();
`;

/** Sandbox servers, provisioned databases with their states, and who may reach them. */
export class Databases1795000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(STATES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table database_grant, database, sandbox_server');
    await runner.query('drop function database_check_transition()');
  }
}
