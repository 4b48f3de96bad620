import { Injectable } from '@nestjs/common';
import { DirectConnections } from '../../platform/persistence/direct-connections.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import type { HistoryFilter, RunStart, StoredRun } from './queries.types.js';
import { BEGIN_RUNS, beginParameters } from './run-lines.js';

const SELECT = `select id, tenant_id as "tenantId", membership_id as "membershipId", database_id as "databaseId",
  database_name as "databaseName", node_id as "nodeId", sql, sql_hash as "sqlHash", role, access, status,
  started_at as "startedAt", finished_at as "finishedAt", duration_ms as "durationMs", row_count as "rowCount",
  error_code as "errorCode", error_message as "errorMessage", statements from query_run`;

@Injectable()
export class RunsRepository {
  constructor(
    private readonly transactions: Transactions,
    private readonly direct: DirectConnections,
  ) {}

  /** Writes beginnings, with `durable` onto the disk; answers the ids that were new. */
  async begin(nodeId: string, runs: readonly RunStart[], durable: boolean): Promise<readonly string[]> {
    const [answer] = await this.direct.run(BEGIN_RUNS, beginParameters(nodeId, runs, durable));
    return answer?.[1]?.split(',') ?? [];
  }

  async find(tenantId: string, id: string): Promise<StoredRun | undefined> {
    const [row] = await this.query<StoredRun>(`${SELECT} where tenant_id = $1 and id = $2`, [tenantId, id]);
    return row;
  }

  /** Newest first; `before` is the id of the last run seen. */
  async history(
    tenantId: string,
    membershipId: string,
    { before, limit, filter }: { before: string | null; limit: number; filter: HistoryFilter },
  ): Promise<StoredRun[]> {
    const { q, databaseId, status } = filter;
    const ofClass = filter.class === undefined ? null : JSON.stringify([{ class: filter.class }]);
    return this.query<StoredRun>(
      `${SELECT} where tenant_id = $1 and membership_id = $2
          and ($3::uuid is null
               or (started_at, id) < (select b.started_at, b.id from query_run b where b.id = $3 and b.tenant_id = $1))
          and ($5::text is null or position(lower($5) in lower(sql)) > 0)
          and ($6::uuid is null or database_id = $6) and ($7::text is null or status = $7)
          and ($8::jsonb is null or statements @> $8)
        order by started_at desc, id desc limit $4`,
      [tenantId, membershipId, before, limit, q ?? null, databaseId ?? null, status ?? null, ofClass],
    );
  }

  /** The databases that somebody's history is about, by the name each had last. */
  async historyDatabases(tenantId: string, membershipId: string): Promise<{ id: string; name: string }[]> {
    return this.query(
      `select database_id as id, (array_agg(database_name order by started_at desc))[1] as name from query_run
        where tenant_id = $1 and membership_id = $2 group by 1 order by 2`,
      [tenantId, membershipId],
    );
  }

  async heartbeat(nodeId: string, now: Date): Promise<void> {
    await this.query(
      `insert into query_node (id, seen_at) values ($1, $2) on conflict (id) do update set seen_at = excluded.seen_at`,
      [nodeId, now],
    );
  }

  /** A process that has not been seen since, taken so that only one replica reports its runs. */
  async takeGoneNode(before: Date): Promise<string | undefined> {
    const [[row]] = await this.transactions.manager.query<[{ id: string }[], number]>(
      `delete from query_node where id = (select id from query_node where seen_at < $1 limit 1 for update skip locked)
       returning id`,
      [before],
    );
    return row?.id;
  }

  /** Marks what ran in a process that is gone. Reads the whole table, which happens once for each of them. */
  async interruptRunsOf(nodeId: string, now: Date): Promise<StoredRun[]> {
    const [rows] = await this.transactions.manager.query<[StoredRun[], number]>(
      `update query_run set status = 'interrupted', finished_at = $2, error_code = 'interrupted',
              error_message = 'The process that ran it ended.'
        where status = 'running' and node_id = $1
       returning id, tenant_id as "tenantId", membership_id as "membershipId", database_id as "databaseId",
                 database_name as "databaseName", sql_hash as "sqlHash", access`,
      [nodeId, now],
    );
    return rows;
  }

  async prune(before: Date): Promise<void> {
    await this.query('delete from query_run where started_at < $1', [before]);
  }

  private async query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return this.transactions.manager.query<T[]>(sql, parameters);
  }
}
