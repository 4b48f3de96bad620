import type { ResultsView } from './results/panel.view.js';
import type { StatementResult } from './statement.view.js';

/** POST /queries/sql: fragment `workbench/_results`. As JSON it is run, results and remarks. */
export interface RunOutcome extends ResultsView {
  readonly results: readonly StatementResult[];
}

export type RunStatus = 'running' | 'succeeded' | 'failed' | 'refused' | 'cancelled' | 'interrupted';

const TONES: Readonly<Record<RunStatus, 'good' | 'warn' | 'bad' | 'accent'>> = {
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
  refused: 'warn',
  cancelled: 'warn',
  interrupted: 'bad',
};

export function toneOf(status: RunStatus): string {
  return TONES[status];
}

/** One run in the history, a list item: template `workbench/_run`. */
export interface HistoryRow {
  readonly runId: string;
  readonly databaseId: string;
  readonly databaseName: string;
  /** The beginning of the text on one line. */
  readonly summary: string;
  readonly status: RunStatus;
  /** The colour of the state's pill. */
  readonly tone: string;
  readonly startedAt: string;
  readonly durationMs: number | null;
  readonly rowCount: number | null;
  /** Address that reopens it in the workbench. */
  readonly href: string;
}

/** GET /queries/history: template `workbench/history`, fragment `workbench/_history`. */
export interface HistoryPage {
  readonly runs: readonly HistoryRow[];
  /** Address of the next page; null on the last one. */
  readonly next: string | null;
  /** The address of this list, with its filters. */
  readonly self: string;
  readonly filtered: boolean;
}

/** The page of GET /queries/history, with what can be chosen. */
export interface HistoryPageWhole extends HistoryPage {
  readonly q: string;
  readonly databases: readonly HistoryChoice[];
  readonly statuses: readonly HistoryChoice[];
  readonly classes: readonly HistoryChoice[];
}

export interface HistoryChoice {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

/** GET /queries/history/:id: one run with its whole text. Template `workbench/run`. */
export interface RunView extends HistoryRow {
  readonly sql: string;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly statements: readonly {
    readonly class: string;
    readonly durationMs: number | null;
    readonly rowCount: number | null;
    readonly errorCode: string | null;
    readonly errorMessage: string | null;
  }[];
}

export interface DatabaseChoice {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly selected: boolean;
}

/** The database the workbench works on. */
export interface WorkbenchDatabase {
  readonly id: string;
  readonly name: string;
  /** The engine's kind: `postgres`. */
  readonly engine: string;
  readonly engineName: string;
  readonly environment: 'sandbox' | 'development' | 'staging' | 'production';
  readonly status: string;
  readonly tone: string;
  /** Which login statements use for this person. */
  readonly access: 'read-write' | 'read-only';
  /** What the rules of a registered database make of this person's statements; null where all of them run. */
  readonly rules: string | null;
}

/** GET /workbench/status: fragment `workbench/_status`. */
export interface WorkbenchStatus {
  /** Null when there is none yet, or none chosen. */
  readonly database: WorkbenchDatabase | null;
  readonly limits: { readonly maxRows: number; readonly maxBytes: number; readonly timeoutMs: number };
}

/** GET /workbench?databaseId=&run=&find=, and the page of POST /queries/sql: template `workbench/index`. */
export interface WorkbenchPage extends WorkbenchStatus {
  readonly databases: readonly DatabaseChoice[];
  /** Address of the schema's tree, with what is looked for in it; null without a database. */
  readonly tree: string | null;
  readonly sql: string;
  /** The run that was reopened; its rows may be kept no more, its text and outcome are. */
  readonly reopened: (RunView & { readonly rowsKept: boolean }) | null;
  readonly outcome: ResultsView | null;
  readonly history: readonly HistoryRow[];
  /** The page wears the colour of production. */
  readonly production: boolean;
  readonly can: { readonly createDatabase: boolean };
}
