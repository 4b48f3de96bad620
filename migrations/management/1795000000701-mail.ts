import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mail on its way and what became of it. Texts carry links, so they are sealed, and gone once they are delivered. */
export class Mail1795000000701 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table mail (
        id uuid constraint pk_mail primary key,
        kind text not null,
        recipient text not null,
        subject text not null,
        sealed_body text,
        state text not null constraint ck_mail_state check (state in ('waiting', 'sent', 'failed')),
        attempts integer not null default 0,
        last_error text,
        created_at timestamptz not null,
        ended_at timestamptz,
        constraint ck_mail_ended check ((state = 'waiting') = (ended_at is null)),
        constraint ck_mail_body check ((state = 'waiting') = (sealed_body is not null))
      );
      create index ix_mail_created on mail (created_at);
      create index ix_mail_recipient on mail (recipient, kind, created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mail');
  }
}
