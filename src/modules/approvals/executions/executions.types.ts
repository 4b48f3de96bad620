import type { StatementEffect } from '../../../engines/effects.js';
import type { JsonCell } from '../../../engines/json-rows.js';

/** The queue of requests to be executed: `{ tenantId, requestId }`. */
export const EXECUTION_QUEUE = 'request-execution';

/** Stored before the step that it announces, so that a crash tells which step may have happened. */
export type ExecutionPhase = 'claimed' | 'connecting' | 'started' | 'commit-sent' | 'ended';
export type ExecutionOutcome = 'executed' | 'failed' | 'interrupted';

/** What one statement answered: its first rows, or how many it changed. */
export interface StatementOutcome {
  readonly statement: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly kind: string }[];
  readonly rows: readonly (readonly JsonCell[])[];
  readonly truncated: boolean;
  readonly affectedRows: number | null;
  readonly durationMs: number;
}

/** A row of `execution_attempt`. */
export interface AttemptRecord {
  readonly id: string;
  readonly requestId: string;
  readonly tenantId: string;
  readonly number: number;
  readonly phase: ExecutionPhase;
  readonly leaseUntil: Date;
  readonly token: string | null;
  readonly backendId: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly outcome: ExecutionOutcome | null;
  readonly reason: string | null;
  readonly affectedRows: number | null;
  readonly durationMs: number | null;
  readonly results: readonly StatementOutcome[] | null;
}

/** How an attempt ended. */
export interface AttemptEnd {
  readonly outcome: ExecutionOutcome;
  readonly reason: string | null;
  readonly affectedRows: number | null;
  readonly durationMs: number;
  readonly results: readonly StatementOutcome[];
  /** Absent when nothing was changed, or not row by row. */
  readonly effects: readonly StatementEffect[];
}
