import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counters of the rate limits. They may be lost in a crash, so they are not written ahead. */
export class RateLimits1795000000703 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create unlogged table rate_limit (
        subject text constraint pk_rate_limit primary key,
        taken integer not null,
        ends_at timestamptz not null
      );
      create index ix_rate_limit_ends on rate_limit (ends_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table rate_limit');
  }
}
