import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys for programs that act as a member. Only a hash of each is kept. */
export class ApiKeys1795000000705 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api_key (
        id uuid constraint pk_api_key primary key,
        tenant_id uuid not null,
        membership_id uuid not null,
        name text not null,
        -- The first signs, by which somebody recognises the key in a configuration.
        prefix text not null,
        key_hash bytea not null constraint uq_api_key_hash unique,
        scope text not null constraint ck_api_key_scope check (scope in ('read', 'run', 'admin')),
        created_at timestamptz not null,
        expires_at timestamptz not null,
        last_used_at timestamptz,
        last_used_ip text,
        revoked_at timestamptz,
        constraint fk_api_key_membership foreign key (tenant_id, membership_id)
          references membership (tenant_id, id)
      );
      create index ix_api_key_membership on api_key (tenant_id, membership_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_key');
  }
}
