import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANTS = `
  create table plan (
    id text constraint pk_plan primary key,
    name text not null,
    max_databases integer not null,
    max_storage_mb integer not null,
    max_connections integer not null,
    max_members integer not null,
    max_queries_per_minute integer not null
  );
  insert into plan (id, name, max_databases, max_storage_mb, max_connections, max_members, max_queries_per_minute)
  values ('free', 'Free', 5, 1024, 50, 5, 600),
         ('team', 'Team', 25, 20480, 250, 50, 6000),
         ('business', 'Business', 200, 204800, 1000, 1000, 60000);

  create table tenant (
    id uuid constraint pk_tenant primary key,
    name text not null,
    slug text not null constraint uq_tenant_slug unique,
    plan_id text not null constraint fk_tenant_plan references plan (id),
    status text not null constraint ck_tenant_status check (status in ('active', 'suspended', 'deleting')),
    settings jsonb not null default '{}',
    created_at timestamptz not null
  );
`;

const MEMBERS = `
  create table account (
    id uuid constraint pk_account primary key,
    email text not null,
    email_key text not null constraint uq_account_email_key unique,
    name text not null,
    password_hash text not null,
    password_changed_at timestamptz not null,
    must_change_password boolean not null default false,
    platform_role text constraint ck_account_platform_role check (platform_role = 'super_admin'),
    status text not null constraint ck_account_status check (status in ('active', 'suspended')),
    email_verified_at timestamptz,
    created_at timestamptz not null
  );

  create table membership (
    id uuid constraint pk_membership primary key,
    account_id uuid not null constraint fk_membership_account references account (id),
    tenant_id uuid not null constraint fk_membership_tenant references tenant (id),
    role text not null
      constraint ck_membership_role check (role in ('viewer', 'developer', 'manager', 'tenant_admin')),
    status text not null
      constraint ck_membership_status check (status in ('invited', 'active', 'suspended', 'deactivated')),
    access_version integer not null default 1,
    created_at timestamptz not null,
    constraint uq_membership_account_tenant unique (account_id, tenant_id),
    constraint uq_membership_tenant_id unique (tenant_id, id)
  );

  create table pod (
    id uuid constraint pk_pod primary key,
    tenant_id uuid not null constraint fk_pod_tenant references tenant (id),
    name text not null,
    created_at timestamptz not null,
    constraint uq_pod_name unique (tenant_id, name),
    constraint uq_pod_tenant_id unique (tenant_id, id)
  );

  create table pod_member (
    tenant_id uuid not null,
    pod_id uuid not null,
    membership_id uuid not null,
    manager boolean not null default false,
    constraint pk_pod_member primary key (pod_id, membership_id),
    constraint fk_pod_member_pod foreign key (tenant_id, pod_id) references pod (tenant_id, id),
    constraint fk_pod_member_membership foreign key (tenant_id, membership_id)
      references membership (tenant_id, id)
  );
  create index ix_pod_member_membership on pod_member (membership_id);
`;

const SESSIONS = `
  create table session (
    id uuid constraint pk_session primary key,
    account_id uuid not null constraint fk_session_account references account (id),
    membership_id uuid constraint fk_session_membership references membership (id),
    tenant_id uuid constraint fk_session_tenant references tenant (id),
    access_version integer not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    end_reason text,
    ip text not null,
    user_agent text not null
  );
  create index ix_session_account on session (account_id) where ended_at is null;
  create index ix_session_expires on session (expires_at);

  create table sign_in_attempt (
    id uuid constraint pk_sign_in_attempt primary key,
    email_key text not null,
    ip text not null,
    succeeded boolean not null,
    at timestamptz not null
  );
  create index ix_sign_in_attempt_email on sign_in_attempt (email_key, at);
  create index ix_sign_in_attempt_ip on sign_in_attempt (ip, at);

  create table sign_in_lock (
    -- account:<address in its one form>, or address:<ip>
    subject text constraint pk_sign_in_lock primary key,
    locked_at timestamptz not null,
    locked_until timestamptz not null
  );
`;

/** Plans, tenants, accounts, memberships, pods, sessions and sign-in attempts. */
export class People1795000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TENANTS);
    await runner.query(MEMBERS);
    await runner.query(SESSIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table sign_in_lock, sign_in_attempt, session, pod_member, pod, membership, account, tenant, plan',
    );
  }
}
