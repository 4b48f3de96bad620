import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../platform/persistence/transactions.js';
import type { ExportEnd, ExportStart, StoredExport } from './export.types.js';

@Injectable()
export class ExportsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Answers whether the id was free. */
  async insert(start: ExportStart): Promise<boolean> {
    const { id, tenantId, membershipId, runId, fileName, format, scope, startedAt } = start;
    const made = await this.query<{ id: string }>(
      `insert into query_export (id, tenant_id, membership_id, run_id, file_name, format, scope, status, started_at, seen_at)
       values ($1, $2, $3, $4, $5, $6, $7, 'running', $8, $8) on conflict (id) do nothing returning id`,
      [id, tenantId, membershipId, runId, fileName, format, scope, startedAt],
    );
    return made.length > 0;
  }

  async progress(id: string, rows: number, bytes: number, now: Date): Promise<void> {
    await this.query(
      `update query_export set rows = $2, bytes = $3, seen_at = $4 where id = $1 and status = 'running'`,
      [id, rows, bytes, now],
    );
  }

  async finish(id: string, end: ExportEnd, now: Date): Promise<void> {
    const { status, rows, bytes, defused, hash, error } = end;
    await this.query(
      `update query_export set status = $2, rows = $3, bytes = $4, defused = $5, hash = $6, error = $7,
              seen_at = $8, finished_at = $8 where id = $1`,
      [id, status, rows, bytes, defused, hash, error, now],
    );
  }

  async find(tenantId: string, membershipId: string, id: string): Promise<StoredExport | undefined> {
    const [row] = await this.query<Numbered<StoredExport>>(
      `select id, tenant_id as "tenantId", membership_id as "membershipId", run_id as "runId", file_name as "fileName",
              format, scope, status, rows, bytes, defused, hash, error, started_at as "startedAt", seen_at as "seenAt",
              finished_at as "finishedAt"
         from query_export where tenant_id = $1 and membership_id = $2 and id = $3`,
      [tenantId, membershipId, id],
    );
    if (row === undefined) return undefined;
    const { rows, bytes, defused } = row;
    return { ...row, rows: Number(rows), bytes: Number(bytes), defused: Number(defused) };
  }

  async prune(before: Date): Promise<void> {
    await this.query('delete from query_export where started_at < $1', [before]);
  }

  private async query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return this.transactions.manager.query<T[]>(sql, parameters);
  }
}

/** Large numbers come as text. */
type Numbered<T> = Omit<T, 'rows' | 'bytes' | 'defused'> & { rows: string; bytes: string; defused: string };
