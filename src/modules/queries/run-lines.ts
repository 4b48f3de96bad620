import { jsonText } from '../../platform/persistence/json-text.js';
import type { AlongChange } from '../audit/audit.types.js';
import type { RunFinish, RunStart } from './queries.types.js';

/**
 * Beginnings and ends of runs, made by the statement that records the ends in the audit log. It answers the ids that
 * were new, with commas.
 */
export const WRITE_RUNS: AlongChange = {
  name: 'write_runs',
  steps: `
    ended as (
      update query_run r
         set status = e.status, finished_at = e."finishedAt", duration_ms = e."durationMs", row_count = e."rowCount",
             error_code = e."errorCode", error_message = e."errorMessage", statements = e.statements
        from json_to_recordset($3) as e (id uuid, status text, "finishedAt" timestamptz, "durationMs" float8,
             "rowCount" int, "errorCode" text, "errorMessage" text, statements jsonb)
       -- the ids a second time: the planner takes a recordset for a hundred rows and an empty table for ten
       where r.id = any ($6::uuid[]) and r.id = e.id and r.status in ('running', 'interrupted', 'refused')
    ),
    begun as (
      insert into query_run (id, tenant_id, membership_id, database_id, database_name, node_id, sql, sql_hash, role,
                             access, status, started_at)
      select id, "tenantId", "membershipId", "databaseId", "databaseName", $4::uuid, sql, "sqlHash", role, access,
             status, "startedAt"
        from json_to_recordset($2) as b (id uuid, "tenantId" uuid, "membershipId" uuid, "databaseId" uuid,
             "databaseName" text, sql text, "sqlHash" text, role text, access text, status text,
             "startedAt" timestamptz)
          on conflict (id) do nothing
      returning id
    )`,
  answer: `select set_config('synchronous_commit', $5, true), string_agg(id::text, ',') from begun`,
};

/** The parameters of WRITE_RUNS. With `durable` it waits until the disk has them. */
export function writeRunsParameters(
  nodeId: string,
  begun: readonly RunStart[],
  ended: readonly RunFinish[],
  durable: boolean,
): string[] {
  const ids = `{${ended.map(({ id }) => id).join(',')}}`;
  return [jsonText(begun), jsonText(ended), nodeId, durable ? 'on' : 'off', ids];
}
