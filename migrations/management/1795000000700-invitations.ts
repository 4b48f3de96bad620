import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations into a tenant. Only a hash of the link's token is kept, and at most one per address and tenant is open. */
export class Invitations1795000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table invitation (
        id uuid constraint pk_invitation primary key,
        tenant_id uuid not null constraint fk_invitation_tenant references tenant (id),
        email text not null,
        email_key text not null,
        role text not null
          constraint ck_invitation_role check (role in ('viewer', 'developer', 'manager', 'tenant_admin')),
        pod_id uuid,
        message text not null default '',
        token_hash bytea not null constraint uq_invitation_token_hash unique,
        invited_by uuid constraint fk_invitation_invited_by references membership (id),
        created_at timestamptz not null,
        expires_at timestamptz not null,
        accepted_at timestamptz,
        accepted_by uuid constraint fk_invitation_accepted_by references membership (id),
        revoked_at timestamptz,
        constraint fk_invitation_pod foreign key (tenant_id, pod_id) references pod (tenant_id, id),
        constraint ck_invitation_accepted check ((accepted_at is null) = (accepted_by is null)),
        constraint ck_invitation_ended_once check (accepted_at is null or revoked_at is null)
      );
      create unique index uq_invitation_open on invitation (tenant_id, email_key)
        where accepted_at is null and revoked_at is null;
      create index ix_invitation_tenant on invitation (tenant_id, created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table invitation');
  }
}
