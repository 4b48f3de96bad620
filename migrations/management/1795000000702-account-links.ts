import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links that prove a mailbox, passwords that were used before, and accounts that sign in without a password. */
export class AccountLinks1795000000702 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table account alter column password_hash drop not null;

      create table account_link (
        id uuid constraint pk_account_link primary key,
        account_id uuid not null constraint fk_account_link_account references account (id),
        purpose text not null constraint ck_account_link_purpose check (purpose in ('verify', 'reset')),
        token_hash bytea not null constraint uq_account_link_token_hash unique,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        used_at timestamptz
      );
      create unique index uq_account_link_open on account_link (account_id, purpose) where used_at is null;

      create table password_history (
        account_id uuid not null constraint fk_password_history_account references account (id),
        password_hash text not null,
        set_at timestamptz not null,
        constraint pk_password_history primary key (account_id, set_at)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table password_history, account_link;
      update account set password_hash = '-' where password_hash is null;
      alter table account alter column password_hash set not null;
    `);
  }
}
