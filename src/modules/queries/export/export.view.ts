import type { StoredExport } from './export.types.js';

/** GET /queries/exports/:id: template `workbench/export`, fragment `workbench/_export`. */
export interface ExportView {
  readonly exportId: string;
  readonly fileName: string;
  readonly format: string;
  readonly status: 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';
  readonly tone: string;
  readonly running: boolean;
  readonly rows: number;
  readonly bytes: number;
  /** Cells that began like a formula and were made harmless. */
  readonly defused: number;
  /** SHA-256 of the file; null until it is whole. */
  readonly hash: string | null;
  readonly error: string | null;
  readonly startedAt: string;
  /** Cancels the run behind it; null where there is none. */
  readonly cancelHref: string | null;
}

/** Progress is noted every second: a process that is silent for so long is gone. */
const SILENT_MS = 30_000;
const TONES = {
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'warn',
  interrupted: 'bad',
} as const;

export function exportView(stored: StoredExport, now: Date): ExportView {
  const { id, fileName, format, rows, bytes, defused, hash, error, scope, startedAt, seenAt } = stored;
  const silent = stored.status === 'running' && now.getTime() - seenAt.getTime() > SILENT_MS;
  const status = silent ? 'interrupted' : stored.status;
  const running = status === 'running';
  return {
    ...{ exportId: id, fileName, format, status, running, rows, bytes, defused, hash },
    tone: TONES[status],
    error: silent ? 'The process that made it ended.' : error,
    startedAt: startedAt.toISOString(),
    cancelHref: running && scope === 'all' ? `/queries/${id}/cancel` : null,
  };
}
