import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = `
  create table query_export (
    id uuid constraint pk_query_export primary key,
    tenant_id uuid not null,
    membership_id uuid not null,
    -- the run whose result it is; for everything the streamed run itself, which has the export's id
    run_id uuid not null,
    file_name text not null,
    format text not null,
    scope text not null constraint ck_query_export_scope check (scope in ('shown', 'read', 'all')),
    status text not null constraint ck_query_export_status
      check (status in ('running', 'succeeded', 'failed', 'cancelled')),
    rows bigint not null default 0,
    bytes bigint not null default 0,
    defused bigint not null default 0,
    hash text,
    error text,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    finished_at timestamptz
  );
  create index ix_query_export_person on query_export (tenant_id, membership_id, started_at desc);
  create index ix_query_export_started on query_export using brin (started_at);
`;

/** Exports, so that whoever waits for one can see how far it is, and what became of it. */
export class Exports1795000000512 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table query_export');
  }
}
