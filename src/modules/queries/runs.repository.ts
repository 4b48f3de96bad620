import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/persistence/transactions.js';
import type { AlongChange } from '../audit/audit.types.js';
import type { RunFinish, RunStart, StoredRun } from './queries.types.js';

const SELECT = `select id, tenant_id as "tenantId", membership_id as "membershipId", database_id as "databaseId",
  database_name as "databaseName", node_id as "nodeId", sql, sql_hash as "sqlHash", role, access, status,
  started_at as "startedAt", finished_at as "finishedAt", duration_ms as "durationMs", row_count as "rowCount",
  error_code as "errorCode", error_message as "errorMessage", statements from query_run`;

/** NUL cannot be stored; a text with it never reaches a server either. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll('\\u0000', '\\ufffd');

@Injectable()
export class RunsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Answers the ids that were new. With `durable` it waits until the disk has them. */
  async begin(nodeId: string, runs: readonly RunStart[], durable: boolean): Promise<Set<string>> {
    const rows = await this.query<{ id: string }>(
      `insert into query_run (id, tenant_id, membership_id, database_id, database_name, node_id, sql, sql_hash, role,
                              access, status, started_at)
       select id, "tenantId", "membershipId", "databaseId", "databaseName", $2::uuid, sql, "sqlHash", role, access, status,
              "startedAt"
         from (select set_config('synchronous_commit', $3, true)) as waiting,
              jsonb_to_recordset($1) as run (id uuid, "tenantId" uuid, "membershipId" uuid, "databaseId" uuid,
              "databaseName" text, sql text, "sqlHash" text, role text, access text, status text, "startedAt" timestamptz)
       on conflict (id) do nothing returning id`,
      [json(runs), nodeId, durable ? 'on' : 'off'],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** The ends of runs, as a part of the statement that records them in the audit log. */
  finishing(runs: readonly RunFinish[], durable: boolean): AlongChange {
    return {
      sql: `update query_run r set status = f.status, finished_at = f."finishedAt", duration_ms = f."durationMs",
              row_count = f."rowCount", error_code = f."errorCode", error_message = f."errorMessage",
              statements = f.statements
         from (select set_config('synchronous_commit', '${durable ? 'on' : 'off'}', true)) as waiting,
              jsonb_to_recordset($2) as f (id uuid, status text, "finishedAt" timestamptz, "durationMs" float8,
              "rowCount" int, "errorCode" text, "errorMessage" text, statements jsonb)
        where r.id = f.id and r.status in ('running', 'interrupted', 'refused')
          -- the planner takes any recordset for a hundred rows and would read the whole table for them
          and r.id = any(array(select (run ->> 'id')::uuid from jsonb_array_elements($2) as run))`,
      parameter: json(runs),
    };
  }

  async find(tenantId: string, id: string): Promise<StoredRun | undefined> {
    const [row] = await this.query<StoredRun>(`${SELECT} where tenant_id = $1 and id = $2`, [tenantId, id]);
    return row;
  }

  /** Newest first; `before` is the id of the last run seen. */
  async history(
    tenantId: string,
    membershipId: string,
    { before, limit }: { before: string | null; limit: number },
  ): Promise<StoredRun[]> {
    return this.query<StoredRun>(
      `${SELECT} where tenant_id = $1 and membership_id = $2
          and ($3::uuid is null
               or (started_at, id) < (select b.started_at, b.id from query_run b where b.id = $3 and b.tenant_id = $1))
        order by started_at desc, id desc limit $4`,
      [tenantId, membershipId, before, limit],
    );
  }

  async heartbeat(nodeId: string, now: Date): Promise<void> {
    await this.query(
      `insert into query_node (id, seen_at) values ($1, $2) on conflict (id) do update set seen_at = excluded.seen_at`,
      [nodeId, now],
    );
  }

  /** Runs of processes that have not been seen since, taken so that only one replica reports them. */
  async takeAbandoned(before: Date, now: Date): Promise<StoredRun[]> {
    const [rows] = await this.transactions.manager.query<[StoredRun[], number]>(
      `update query_run set status = 'interrupted', finished_at = $2, error_code = 'interrupted',
              error_message = 'The process that ran it ended.'
        where status = 'running'
          and not exists (select from query_node n where n.id = query_run.node_id and n.seen_at >= $1)
       returning id, tenant_id as "tenantId", membership_id as "membershipId", database_id as "databaseId",
                 database_name as "databaseName", sql_hash as "sqlHash", access`,
      [before, now],
    );
    return rows;
  }

  async pruneNodes(before: Date): Promise<void> {
    await this.query('delete from query_node where seen_at < $1', [before]);
  }

  async prune(before: Date): Promise<void> {
    await this.query('delete from query_run where started_at < $1', [before]);
  }

  private async query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return this.transactions.manager.query<T[]>(sql, parameters);
  }
}
