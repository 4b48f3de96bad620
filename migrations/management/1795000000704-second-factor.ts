import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One-time codes, recovery codes, and what a session remembers of how somebody came in. */
export class SecondFactor1795000000704 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table second_factor (
        account_id uuid constraint pk_second_factor primary key
          constraint fk_second_factor_account references account (id),
        sealed_secret text not null,
        created_at timestamptz not null,
        confirmed_at timestamptz,
        -- Number of the 30 seconds whose code was used last: neither it nor an earlier one is good again.
        last_step bigint not null default 0
      );

      create table recovery_code (
        account_id uuid not null constraint fk_recovery_code_second_factor
          references second_factor (account_id) on delete cascade,
        code_hash bytea not null,
        used_at timestamptz,
        constraint pk_recovery_code primary key (account_id, code_hash)
      );

      alter table session
        add column method text not null default 'password'
          constraint ck_session_method check (method in ('password', 'oidc')),
        add column confirmed_at timestamptz,
        add column rotation integer not null default 0,
        add column rotated_at timestamptz;
      update session set confirmed_at = created_at;
      alter table session alter column confirmed_at set not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table session drop column method, drop column confirmed_at, drop column rotation, drop column rotated_at;
      drop table recovery_code, second_factor;
    `);
  }
}
