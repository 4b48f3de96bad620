import type { ExportFormat } from './formats/row-format.js';

export const EXPORT_SCOPES = ['shown', 'read', 'all'] as const;
/** What is shown, everything that was read, or everything there is, which runs the statement again. */
export type ExportScope = (typeof EXPORT_SCOPES)[number];

export type ExportState = 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface ExportStart {
  readonly id: string;
  readonly tenantId: string;
  readonly membershipId: string;
  readonly runId: string;
  readonly fileName: string;
  readonly format: ExportFormat;
  readonly scope: ExportScope;
  readonly startedAt: Date;
}

export interface ExportEnd {
  readonly status: ExportState;
  readonly rows: number;
  readonly bytes: number;
  readonly defused: number;
  readonly hash: string | null;
  readonly error: string | null;
}

/** A row of `query_export`. */
export interface StoredExport extends ExportStart, ExportEnd {
  readonly seenAt: Date;
  readonly finishedAt: Date | null;
}
