import { Injectable } from '@nestjs/common';
import { jsonText } from '../../../platform/persistence/json-text.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import type {
  AttemptRecord,
  ExecutionOutcome,
  ExecutionPhase,
  StatementOutcome,
} from './executions.types.js';

const SELECT = `
  select a.id, a.request_id as "requestId", r.tenant_id as "tenantId", a.number, a.phase,
         a.lease_until as "leaseUntil", a.token, a.backend_id as "backendId", a.started_at as "startedAt",
         a.ended_at as "endedAt", a.outcome, a.reason, a.affected_rows as "affectedRows",
         a.duration_ms as "durationMs", a.results
    from execution_attempt a join query_request r on r.id = a.request_id`;

export interface NewAttempt {
  readonly id: string;
  readonly requestId: string;
  readonly nodeId: string;
  readonly at: Date;
  readonly leaseUntil: Date;
}

export interface StoredEnd {
  readonly at: Date;
  readonly outcome: ExecutionOutcome;
  readonly reason: string | null;
  readonly affectedRows: number | null;
  readonly durationMs: number;
  readonly results: readonly StatementOutcome[];
  readonly images: Buffer | null;
}

@Injectable()
export class AttemptsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Throws when the request has an attempt that has not ended. */
  async insert({ id, requestId, nodeId, at, leaseUntil }: NewAttempt): Promise<void> {
    await this.ask(
      `insert into execution_attempt (id, request_id, number, node_id, phase, lease_until, started_at)
       select $1, $2, coalesce(max(number), 0) + 1, $3, 'claimed', $5, $4
         from execution_attempt where request_id = $2`,
      [id, requestId, nodeId, at, leaseUntil],
    );
  }

  /** False when the attempt has ended: somebody took it for dead. */
  async enter(
    id: string,
    phase: ExecutionPhase,
    facts: { token?: string; backendId?: string } = {},
  ): Promise<boolean> {
    const rows = await this.ask<{ id: string }>(
      `update execution_attempt set phase = $2, token = coalesce($3, token), backend_id = coalesce($4, backend_id)
        where id = $1 and ended_at is null returning id`,
      [id, phase, facts.token ?? null, facts.backendId ?? null],
    );
    return rows.length > 0;
  }

  async renew(id: string, leaseUntil: Date): Promise<void> {
    await this.ask('update execution_attempt set lease_until = $2 where id = $1 and ended_at is null', [
      id,
      leaseUntil,
    ]);
  }

  /** False when it had ended already. */
  async end(id: string, end: StoredEnd): Promise<boolean> {
    const rows = await this.ask<{ id: string }>(
      `update execution_attempt
          set phase = 'ended', ended_at = $2, outcome = $3, reason = $4, affected_rows = $5, duration_ms = $6,
              results = $7, images = $8
        where id = $1 and ended_at is null returning id`,
      [
        id,
        end.at,
        end.outcome,
        end.reason,
        end.affectedRows,
        end.durationMs,
        jsonText(end.results),
        end.images,
      ],
    );
    return rows.length > 0;
  }

  async list(requestId: string): Promise<AttemptRecord[]> {
    return this.ask<AttemptRecord>(`${SELECT} where a.request_id = $1 order by a.number`, [requestId]);
  }

  /** Attempts whose process has not been heard of. */
  async listLost(now: Date): Promise<AttemptRecord[]> {
    return this.ask<AttemptRecord>(
      `${SELECT} where a.ended_at is null and a.lease_until < $1 order by a.lease_until`,
      [now],
    );
  }

  /** What the last successful attempt changed. */
  async imagesOf(requestId: string): Promise<Buffer | undefined> {
    const [row] = await this.ask<{ images: Buffer | null }>(
      `select images from execution_attempt where request_id = $1 and outcome = 'executed' order by number desc limit 1`,
      [requestId],
    );
    return row?.images ?? undefined;
  }

  private async ask<T extends object>(sql: string, parameters: readonly unknown[]): Promise<T[]> {
    const rows = await this.transactions.manager.query<T[] | [T[], number]>(sql, [...parameters]);
    return sql.startsWith('update') ? (rows as [T[], number])[0] : (rows as T[]);
  }
}
