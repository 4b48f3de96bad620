import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = `
  create table query_result (
    run_id uuid not null constraint fk_query_result_run references query_run (id) on delete cascade,
    -- of the statement in its run, from 0
    number smallint not null,
    tenant_id uuid not null,
    membership_id uuid not null,
    statement text not null,
    class text not null,
    columns jsonb not null,
    blob_id uuid not null,
    rows_shown integer not null,
    rows_read integer not null,
    complete boolean not null,
    stopped_by text,
    hash text not null,
    affected_rows integer,
    duration_ms double precision not null,
    notices jsonb not null,
    problem jsonb,
    pinned_at timestamptz,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint pk_query_result primary key (run_id, number),
    constraint ck_query_result_rows check (rows_shown <= rows_read)
  );
  create index ix_query_result_pinned on query_result (tenant_id, membership_id, pinned_at desc) where pinned_at is not null;
  create index ix_query_result_expires on query_result (expires_at);
`;

/** Results whose rows are kept for a while, so that what a page does not show needs no second run. */
export class Results1795000000511 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table query_result');
  }
}
