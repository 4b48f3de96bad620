import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  create table query_run (
    id uuid constraint pk_query_run primary key,
    tenant_id uuid not null ,
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
  ) with (fillfactor = 70);
  -- no index has a column that changes when a run ends, so that the end is written beside the beginning (HOT)
  create index ix_query_run_history on query_run (tenant_id, membership_id, started_at desc, id desc);
  create index ix_query_run_started on query_run using brin (started_at);

  create table query_node (
    id uuid constraint pk_query_node primary key,
    seen_at timestamptz not null
  );
`;

/** Beginnings and ends of runs in one call; answers the ids that were new. Plans are kept for a connection's life. */
export const RECORD = `
  create function query_run_record(begun jsonb, ended jsonb, node uuid, durable text) returns uuid[]
  language plpgsql as $$
  declare made uuid[] := '{}'; run record;
  begin
    perform set_config('synchronous_commit', durable, true);
    -- row by row: the planner takes any recordset for a hundred rows and would read the whole table for them
    for run in select * from jsonb_to_recordset(ended) as e (id uuid, status text, "finishedAt" timestamptz,
        "durationMs" float8, "rowCount" int, "errorCode" text, "errorMessage" text, statements jsonb) loop
      update query_run r
         set status = run.status, finished_at = run."finishedAt", duration_ms = run."durationMs",
             row_count = run."rowCount", error_code = run."errorCode", error_message = run."errorMessage",
             statements = run.statements
       where r.id = run.id and r.status in ('running', 'interrupted', 'refused');
    end loop;
    for run in select * from jsonb_to_recordset(begun) as b (id uuid, "tenantId" uuid, "membershipId" uuid,
        "databaseId" uuid, "databaseName" text, sql text, "sqlHash" text, role text, access text, status text,
        "startedAt" timestamptz) loop
      insert into query_run (id, tenant_id, membership_id, database_id, database_name, node_id, sql, sql_hash, role,
                             access, status, started_at)
      values (run.id, run."tenantId", run."membershipId", run."databaseId", run."databaseName", node, run.sql,
              run."sqlHash", run.role, run.access, run.status, run."startedAt")
      on conflict (id) do nothing;
      if found then made := made || run.id; end if;
    end loop;
    return made;
  end $$;
`;

/** Every run with its text: written before it starts, completed when it ended. And the processes that run them. */
export class Queries1795000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(RECORD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function query_run_record(jsonb, jsonb, uuid, text)');
    await runner.query('drop table query_node, query_run');
  }
}
