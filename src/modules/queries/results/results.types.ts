import type { Column, EngineProblem, Notice, StatementClass, StopReason } from '../../../engines/engine.js';

/** Rows that a page gets at a time. */
export const PART_ROWS = 200;

/** A result as it is stored. */
export interface NewResult {
  readonly runId: string;
  /** Of the statement in its run, from 0. */
  readonly number: number;
  readonly tenantId: string;
  readonly membershipId: string;
  readonly statement: string;
  readonly class: StatementClass;
  readonly columns: readonly Column[];
  readonly blobId: string;
  /** Rows within the limits of the run. */
  readonly shown: number;
  /** Rows that were read and are kept. */
  readonly read: number;
  /** The statement has no further rows. */
  readonly complete: boolean;
  /** Which limit of the run ended what is shown. */
  readonly stoppedBy: StopReason | null;
  /** SHA-256 over columns and shown rows. */
  readonly hash: string;
  readonly affectedRows: number | null;
  readonly durationMs: number;
  readonly notices: readonly Notice[];
  /** What ended it after these rows; null when it went well. */
  readonly problem: EngineProblem | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A kept result with what its run says. */
export interface KeptResult extends NewResult {
  readonly databaseId: string;
  readonly databaseName: string;
  readonly pinnedAt: Date | null;
  /** It reads, and nothing before it in its run set anything for the session: it can run again on its own. */
  readonly repeatable: boolean;
}
