import { Injectable } from '@nestjs/common';
import { jsonText } from '../../../platform/persistence/json-text.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import type { KeptResult, NewResult } from './results.types.js';

const SELECT = `select q.run_id as "runId", q.number, q.tenant_id as "tenantId", q.membership_id as "membershipId",
  q.statement, q.class, q.columns, q.blob_id as "blobId", q.rows_shown as shown, q.rows_read as read, q.complete,
  q.stopped_by as "stoppedBy", q.hash, q.affected_rows as "affectedRows", q.duration_ms as "durationMs", q.notices, q.problem,
  q.pinned_at as "pinnedAt", q.created_at as "createdAt", q.expires_at as "expiresAt",
  r.database_id as "databaseId", r.database_name as "databaseName",
  q.class = 'read' and not r.statements @? '$[*] ? (@.class == "control")' as repeatable
  from query_result q join query_run r on r.id = q.run_id`;

/** Kept results; each finder asks with the tenant and the person, since they are nobody else's. */
@Injectable()
export class ResultsRepository {
  constructor(private readonly transactions: Transactions) {}

  async insert(result: NewResult): Promise<void> {
    const { runId, number, tenantId, membershipId, statement, columns, blobId, shown, read } = result;
    const { complete, stoppedBy, hash, affectedRows, durationMs, notices, problem } = result;
    await this.query(
      `insert into query_result (run_id, number, tenant_id, membership_id, statement, class, columns, blob_id, rows_shown,
                                 rows_read, complete, stopped_by, hash, affected_rows, duration_ms, notices, problem,
                                 created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
      [
        ...[runId, number, tenantId, membershipId, statement, result.class, jsonText(columns), blobId, shown],
        ...[read, complete, stoppedBy, hash, affectedRows, durationMs, jsonText(notices)],
        ...[problem === null ? null : jsonText(problem), result.createdAt, result.expiresAt],
      ],
    );
  }

  async find(
    tenantId: string,
    membershipId: string,
    { runId, number }: { runId: string; number: number },
    now: Date,
  ): Promise<KeptResult | undefined> {
    const [found] = await this.query<KeptResult>(
      `${SELECT} where q.tenant_id = $1 and q.membership_id = $2 and q.run_id = $3 and q.number = $4 and q.expires_at > $5`,
      [tenantId, membershipId, runId, number, now],
    );
    return found;
  }

  async listOfRun(tenantId: string, membershipId: string, runId: string, now: Date): Promise<KeptResult[]> {
    return this.query<KeptResult>(
      `${SELECT} where q.tenant_id = $1 and q.membership_id = $2 and q.run_id = $3 and q.expires_at > $4
        order by q.number`,
      [tenantId, membershipId, runId, now],
    );
  }

  /** Forgets results whose time is over. */
  async prune(now: Date): Promise<void> {
    await this.query('delete from query_result where expires_at <= $1', [now]);
  }

  private async query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return this.transactions.manager.query<T[]>(sql, parameters);
  }
}
