import { jsonText } from '../../platform/persistence/json-text.js';
import type { PreparedStatement } from '../../platform/persistence/prepared-call.js';
import type { AlongChange } from '../audit/audit.types.js';
import type { RunFinish, RunStart } from './queries.types.js';

/** Writes beginnings; answers the ids that were new, with commas. */
export const BEGIN_RUNS: PreparedStatement = {
  name: 'begin_runs',
  text: `with begun as (
      insert into query_run (id, tenant_id, membership_id, database_id, database_name, node_id, sql, sql_hash, role,
                             access, status, started_at)
      select id, "tenantId", "membershipId", "databaseId", "databaseName", $2::uuid, sql, "sqlHash", role, access,
             status, "startedAt"
        from json_to_recordset($1) as b (id uuid, "tenantId" uuid, "membershipId" uuid, "databaseId" uuid,
             "databaseName" text, sql text, "sqlHash" text, role text, access text, status text,
             "startedAt" timestamptz)
          on conflict (id) do nothing
      returning id
    )
    select set_config('synchronous_commit', $3, true), string_agg(id::text, ',') from begun`,
};

export function beginParameters(nodeId: string, begun: readonly RunStart[], durable: boolean): string[] {
  return [jsonText(begun), nodeId, commitMode(durable)];
}

/** Writes ends, with the statement that records them in the audit log. */
export const END_RUNS: AlongChange = {
  name: 'end_runs',
  steps: `ended as (
      update query_run r
         set status = e.status, finished_at = e."finishedAt", duration_ms = e."durationMs", row_count = e."rowCount",
             error_code = e."errorCode", error_message = e."errorMessage", statements = e.statements
        from json_to_recordset($2) as e (id uuid, status text, "finishedAt" timestamptz, "durationMs" float8,
             "rowCount" int, "errorCode" text, "errorMessage" text, statements jsonb)
       -- the ids a second time: the planner takes a recordset for a hundred rows and an empty table for ten
       where r.id = any ($3::uuid[]) and r.id = e.id and r.status in ('running', 'interrupted', 'refused')
    )`,
  answer: `select set_config('synchronous_commit', $4, true)`,
};

export function endParameters(ended: readonly RunFinish[], durable: boolean): string[] {
  const ids = `{${ended.map(({ id }) => id).join(',')}}`;
  return [jsonText(ended), ids, commitMode(durable)];
}

/** `on` waits until the disk has it. */
function commitMode(durable: boolean): string {
  return durable ? 'on' : 'off';
}
