import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every run with its text: written before it starts, completed when it ended. And the processes that run them. */
export class Queries1795000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table query_run (
        id uuid constraint pk_query_run primary key,
        tenant_id uuid not null constraint fk_query_run_tenant references tenant (id),
        membership_id uuid not null,
        database_id uuid not null,
        database_name text not null,
        node_id uuid not null,
        sql text not null,
        sql_hash text not null,
        role text not null,
        access text not null constraint ck_query_run_access check (access in ('read', 'write', 'none')),
        status text not null constraint ck_query_run_status
          check (status in ('running', 'succeeded', 'failed', 'refused', 'cancelled', 'interrupted')),
        started_at timestamptz not null,
        finished_at timestamptz,
        duration_ms double precision,
        row_count integer,
        error_code text,
        error_message text,
        statements jsonb not null default '[]',
        constraint fk_query_run_membership foreign key (tenant_id, membership_id)
          references membership (tenant_id, id),
        constraint fk_query_run_database foreign key (tenant_id, database_id) references database (tenant_id, id)
      );
      create index ix_query_run_history on query_run (tenant_id, membership_id, started_at desc, id desc);
      create index ix_query_run_running on query_run (node_id) where status = 'running';
      create index ix_query_run_started on query_run (started_at);

      create table query_node (
        id uuid constraint pk_query_node primary key,
        seen_at timestamptz not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table query_node, query_run');
  }
}
