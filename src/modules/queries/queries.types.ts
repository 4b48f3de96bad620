import type { StatementClass } from '../../engines/engine.js';
import type { AuditActor } from '../audit/audit.types.js';

export const RUN_STATES = ['running', 'succeeded', 'failed', 'refused', 'cancelled', 'interrupted'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** One statement of a run as history keeps it. */
export interface StatementRecord {
  readonly class: StatementClass;
  readonly verb: string;
  readonly durationMs: number | null;
  readonly rowCount: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Of its result, where that was kept or exported. */
  readonly hash?: string;
}

/** A run as it begins. */
export interface RunStart {
  readonly id: string;
  readonly tenantId: string;
  readonly membershipId: string;
  readonly databaseId: string;
  readonly databaseName: string;
  readonly sql: string;
  readonly sqlHash: string;
  readonly role: string;
  readonly access: 'read' | 'write' | 'none';
  readonly startedAt: Date;
  readonly status: RunState;
}

/** Which runs of a history are meant; what is left out does not matter. */
export interface HistoryFilter {
  /** A part of the text. */
  readonly q?: string | undefined;
  readonly databaseId?: string | undefined;
  readonly status?: RunState | undefined;
  /** A class that at least one of the statements has. */
  readonly class?: StatementClass | undefined;
}

/** How a run ended. */
export interface RunFinish {
  readonly id: string;
  readonly status: RunState;
  readonly finishedAt: Date;
  readonly durationMs: number;
  readonly rowCount: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly statements: readonly StatementRecord[];
}

export interface AuditedFinish extends RunFinish {
  readonly membershipId: string;
  readonly actor: AuditActor;
  readonly database: { readonly id: string; readonly name: string };
  readonly access: RunStart['access'];
  readonly sqlHash: string;
}

/** A row of `query_run`. */
export interface StoredRun extends RunStart {
  readonly nodeId: string;
  readonly finishedAt: Date | null;
  readonly durationMs: number | null;
  readonly rowCount: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly statements: readonly StatementRecord[];
}
