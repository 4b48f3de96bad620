import type { Meter } from '../../platform/http/meter.js';

/** Something that waits for this person. */
export interface AttentionItem {
  readonly tone: 'warn' | 'bad' | 'accent';
  readonly text: string;
  readonly action: { readonly label: string; readonly href: string } | null;
}

export interface OverviewDatabase {
  readonly id: string;
  readonly name: string;
  readonly engineName: string;
  readonly status: string;
  readonly tone: string;
  readonly sizeBytes: number | null;
  readonly lastUsedAt: string | null;
}

export interface OverviewRun {
  readonly runId: string;
  readonly summary: string;
  readonly databaseName: string;
  readonly status: string;
  readonly tone: string;
  readonly startedAt: string;
  readonly durationMs: number | null;
  readonly href: string;
}

/** GET /: template `overview/index`. */
export interface OverviewPage {
  readonly attention: readonly AttentionItem[];
  readonly databases: readonly OverviewDatabase[];
  readonly runs: readonly OverviewRun[];
  readonly quotas: readonly Meter[];
  readonly can: { readonly createDatabase: boolean };
}
