import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row per slot of a scheduled job: claims it for one replica and keeps how it went. */
export class Jobs1795000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table job_run (
        name text not null,
        slot timestamptz not null,
        claimed_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        attempts integer not null default 0,
        outcome text constraint ck_job_run_outcome check (outcome in ('succeeded', 'failed')),
        error text,
        constraint pk_job_run primary key (name, slot)
      );
      create index ix_job_run_claimed on job_run (claimed_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table job_run');
  }
}
