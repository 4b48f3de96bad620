import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  create table master_key_check (
    key_id text constraint pk_master_key_check primary key,
    check_value text not null
  );

  create table audit_entry (
    id uuid constraint pk_audit_entry primary key,
    -- no foreign key: entries outlive their tenant; null is the platform's own chain
    tenant_id uuid,
    at timestamptz not null,
    account_id uuid,
    actor_name text not null,
    actor_email text,
    ip text,
    request_id text,
    action text not null,
    object_type text,
    object_id text,
    object_name text,
    outcome text not null constraint ck_audit_entry_outcome check (outcome in ('done', 'refused', 'failed')),
    details jsonb not null
  );
  create index ix_audit_entry_tenant on audit_entry (tenant_id, id desc);
  create index ix_audit_entry_object on audit_entry (tenant_id, object_id, id desc);
  create index ix_audit_entry_action on audit_entry (tenant_id, action, id desc);

  create table audit_link (
    chain_id uuid not null,
    seq bigint not null,
    entry_id uuid not null constraint uq_audit_link_entry unique,
    previous_hash bytea not null,
    hash bytea not null,
    constraint pk_audit_link primary key (chain_id, seq)
  );

  create table audit_checkpoint (
    chain_id uuid not null,
    seq bigint not null,
    hash bytea not null,
    at timestamptz not null,
    key_id text not null,
    signature text not null,
    constraint pk_audit_checkpoint primary key (chain_id, seq)
  );

  create table audit_pending (
    chain_id uuid not null,
    entry_id uuid not null,
    constraint pk_audit_pending primary key (chain_id, entry_id)
  );

  create table audit_verification (
    chain_id uuid constraint pk_audit_verification primary key,
    checked_at timestamptz not null,
    sealed bigint not null,
    broken_seq bigint,
    reason text
  );
`;

const GUARDS = `
  create function audit_refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% on % is refused: the audit log only grows', tg_op, tg_table_name
      using errcode = 'insufficient_privilege';
  end $$;

  create function audit_note_pending() returns trigger language plpgsql as $$
  begin
    insert into audit_pending (chain_id, entry_id)
    select coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), id from added;
    return null;
  end $$;

  -- a function keeps its plan for as long as a connection lives
  create function audit_record(entries jsonb) returns void language plpgsql as $$
  begin
    insert into audit_entry (id, tenant_id, at, account_id, actor_name, actor_email, ip, request_id, action, object_type,
                             object_id, object_name, outcome, details)
    select id, tenant_id, at, account_id, actor_name, actor_email, ip, request_id, action, object_type, object_id,
           object_name, outcome, details
      from jsonb_to_recordset(entries) as given (id uuid, tenant_id uuid, at timestamptz, account_id uuid,
           actor_name text, actor_email text, ip text, request_id text, action text, object_type text, object_id text,
           object_name text, outcome text, details jsonb);
  end $$;

  create trigger audit_entry_pending after insert on audit_entry
    referencing new table as added for each statement execute function audit_note_pending();
`;

const guard = (table: string): string => `
  create trigger ${table}_append_only before update or delete or truncate on ${table}
    for each statement execute function audit_refuse_change();
  alter table ${table} enable always trigger ${table}_append_only;
`;

/** The append-only log, its hash chain with signed checkpoints, and the check value of the master key. */
export class Audit1795000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(GUARDS);
    for (const table of ['audit_entry', 'audit_link', 'audit_checkpoint']) await runner.query(guard(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table audit_verification, audit_pending, audit_checkpoint, audit_link, audit_entry, master_key_check',
    );
    await runner.query('drop function audit_record(jsonb), audit_refuse_change(), audit_note_pending()');
  }
}
