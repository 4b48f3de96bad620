import type { StatementEffect, TableEffect, UndoStep } from './effects.js';
import type { Plan } from './plan.js';
import type { Provisioner } from './provisioning.js';

/**
 * What every engine promises. An engine speaks to one kind of database and knows no tenant, no HTTP and no ORM.
 * What it cannot honour it refuses; it never ignores a limit.
 */
export const ENGINE_KINDS = ['postgres', 'mysql', 'sqlite', 'mongodb'] as const;
export type EngineKind = (typeof ENGINE_KINDS)[number];

/** Which login a session uses; the server enforces what it may do. */
export type AccessMode = 'read' | 'write';

/**
 * Where to connect and as whom. Credentials live only in memory, between unsealing and connecting. For SQLite
 * `database` is the absolute path of the file, and host, port, username and password are empty.
 */
export interface Target {
  /** The name that was registered; TLS is verified against it. */
  readonly host: string;
  /** The checked address behind the name, to which the connection goes; absent: the name is resolved by the driver. */
  readonly address?: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  /** `off`, `on` (encrypted, not verified) or `verify`, against `ca` (PEM) or the well-known authorities. */
  readonly tls: { readonly mode: 'off' | 'on' | 'verify'; readonly ca?: string };
  /** Further settings of the engine's own, from a connection string: `authSource`, `replicaSet`. */
  readonly options?: Readonly<Record<string, string>>;
}

/**
 * read: cannot change anything. dml: changes rows (also a read that calls code which may). ddl: changes the schema.
 * control: transaction and session statements. admin: roles, settings, files, programs, server state: always refused.
 */
export const STATEMENT_CLASSES = ['read', 'dml', 'ddl', 'control', 'admin'] as const;
export type StatementClass = (typeof STATEMENT_CLASSES)[number];

export interface TableUse {
  /** As written; absent when the statement leaves it to the search path. */
  readonly schema?: string;
  readonly name: string;
  readonly use: 'read' | 'write';
}

/** Something worth telling before a statement runs. `code` is stable, e.g. `update_without_where`. */
export interface Finding {
  readonly code: string;
  readonly severity: 'info' | 'warning';
  readonly message: string;
}

/** One statement of a batch. `start` and `end` are UTF-16 offsets in the text that was analysed. */
export interface Statement {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly class: StatementClass;
  /** The leading act in lower case: `select`, `update`, `create table`. */
  readonly verb: string;
  readonly tables: readonly TableUse[];
  /** For UPDATE, DELETE and SELECT whether there is a WHERE; null where the question makes no sense. */
  readonly hasWhere: boolean | null;
  readonly findings: readonly Finding[];
  /** Why the class is stricter than the verb suggests, or why it is refused; shown to people. */
  readonly reason: string | null;
  /** False for statements that the server runs only outside a transaction (VACUUM, CREATE INDEX CONCURRENTLY). */
  readonly transactional: boolean;
}

/** The outcome of looking at a text. With `error` there are no statements: one syntax error fails the text. */
export interface Analysis {
  readonly statements: readonly Statement[];
  readonly error: EngineProblem | null;
}

/** An error as data: what went wrong, in the server's words and, where we can, in plainer ones. */
export interface EngineProblem {
  /** The server's own code (SQLSTATE for PostgreSQL) or one of ours: `time_limit`, `cancelled`, `connection_lost`. */
  readonly code: string;
  /** The server's message, at most 2,000 characters. */
  readonly message: string;
  /** UTF-16 offset in the statement's text, from 0; null when the server named none. */
  readonly position: number | null;
  readonly hint: string | null;
  readonly detail: string | null;
}

export class EngineError extends Error {
  constructor(
    readonly problem: EngineProblem,
    options?: { cause?: unknown },
  ) {
    super(problem.message, options);
    this.name = 'EngineError';
  }
}

/** How a cell's text is to be read. `integer` may exceed 2^53; `decimal` is exact; `float` may be NaN or infinite. */
export type ValueKind =
  'integer' | 'decimal' | 'float' | 'boolean' | 'text' | 'json' | 'binary' | 'time' | 'other';

export interface Column {
  readonly name: string;
  /** The server's name of the type, with modifiers: `numeric(12,2)`, `timestamptz`. */
  readonly type: string;
  readonly kind: ValueKind;
}

/** One row as the server sent it; valid only during the call that hands it over. */
export interface Row {
  readonly length: number;
  /** The server's own text of a cell in UTF-8, cut at the cell limit; null is the database's NULL. */
  bytes(index: number): Uint8Array | null;
  /** Bytes the cell has on the server; more than `bytes(index).length` when it was cut. */
  size(index: number): number;
  /** What the cell itself is, for engines whose cells have types of their own; else its column says it. */
  kind?(index: number): ValueKind;
  /** The whole document as canonical Extended JSON, at most `maxBytes` of it, for engines whose rows are documents. */
  document?(maxBytes: number): Uint8Array;
}

/**
 * The only way out of a run: masking, limits, JSON, pages and exports are sinks, so nothing can leave around them.
 * A returned promise holds the server back until it settles.
 */
export interface ResultSink {
  /** `stop` ends the reading as if the row limit had been reached; for a sink that has enough before that. */
  columns(columns: readonly Column[], stop: () => void): void;
  row(row: Row): void | Promise<void>;
}

export interface RunLimits {
  /** Infinity reads to the end. */
  readonly maxRows: number;
  /** Bytes of cell text over all rows; may be Infinity. */
  readonly maxBytes: number;
  /** Bytes of one cell that are kept; the rest is skipped while it streams in, never buffered. */
  readonly maxCellBytes: number;
  /** Milliseconds, kept by the server and by a timer here. */
  readonly timeoutMs: number;
}

export type StopReason = 'rows' | 'bytes' | 'time';

export interface Notice {
  readonly severity: string;
  readonly message: string;
}

export interface RunEnd {
  /** Rows handed to the sink. */
  readonly rowCount: number;
  /** Rows inserted, updated or deleted; null when the statement reports none. */
  readonly affectedRows: number | null;
  /** Which limit ended the run early, with what was read so far kept. */
  readonly stoppedBy: StopReason | null;
  readonly durationMs: number;
  readonly notices: readonly Notice[];
}

export interface ExplainOptions {
  /** Also run the statement, inside a transaction that is rolled back. */
  readonly analyse: boolean;
  readonly timeoutMs: number;
  /** Cancels it on the server. */
  readonly signal: AbortSignal;
}

export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly primaryKey: boolean;
}

export interface CatalogForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly referencedSchema: string;
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
}

export interface CatalogIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly definition: string;
}

export interface CatalogTrigger {
  readonly name: string;
  readonly definition: string;
}

export interface CatalogTable {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'materialized view' | 'foreign table' | 'partitioned table';
  /** The planner's estimate; null when it was never analysed. */
  readonly estimatedRows: number | null;
  readonly columns: readonly CatalogColumn[];
  readonly foreignKeys: readonly CatalogForeignKey[];
  readonly indexes: readonly CatalogIndex[];
  readonly triggers: readonly CatalogTrigger[];
}

export interface CatalogRoutine {
  readonly name: string;
  readonly kind: 'function' | 'procedure' | 'aggregate' | 'window';
  readonly arguments: string;
  readonly returns: string | null;
}

export interface CatalogSchema {
  readonly name: string;
  readonly tables: readonly CatalogTable[];
  readonly routines: readonly CatalogRoutine[];
}

/** What a database holds, read with a fixed number of queries whatever the number of tables. */
export interface Catalog {
  readonly version: string;
  readonly schemas: readonly CatalogSchema[];
}

export interface TransactionOptions {
  /** The transaction sees one moment, and fails where somebody else changed a row since. */
  readonly snapshot?: boolean;
  /** Milliseconds to wait for a lock that somebody else has; the server's own setting when absent. */
  readonly lockTimeoutMs?: number;
}

export interface CaptureOptions {
  /** Bound what is captured; all changed rows are counted. */
  readonly limits: RunLimits;
  /** Gets the rows that the statement itself returns. */
  readonly sink: ResultSink;
  readonly signal: AbortSignal;
  /** Nobody approved the statement yet: code that a rollback may not take back is refused as `effect_unknown`. */
  readonly unapproved: boolean;
}

/**
 * One lease of a connection. A `read` session runs every statement in a read-only transaction of its own that is
 * always rolled back; a `write` session commits each statement on its own unless `begin()` or the batch opened a
 * transaction. Disposing returns the connection clean or destroys it.
 */
export interface EngineSession extends AsyncDisposable {
  /**
   * Runs one statement; rows go to the sink under back-pressure, never into an array. Aborting the signal cancels on
   * the server. Throws EngineError for what the server refuses; reaching a limit is not an error (`stoppedBy`), except
   * that a statement stopped by time before any row throws `time_limit`.
   */
  run(statement: Statement, limits: RunLimits, sink: ResultSink, signal: AbortSignal): Promise<RunEnd>;
  /**
   * Runs INSERT, UPDATE, DELETE or MERGE in the open transaction and says which rows it changed. Throws
   * `effect_unknown` before it runs when the engine could not see the effect. Absent on engines that never can.
   */
  runCaptured?(statement: Statement, options: CaptureOptions): Promise<StatementEffect>;
  begin(options?: TransactionOptions): Promise<void>;
  /** Names the open transaction, enough for `outcome` to find it after a crash. Absent where nothing could be asked. */
  transactionToken?(): Promise<string>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** True while a transaction that somebody opened is still open (also when it has failed). */
  readonly inTransaction: boolean;
  /** How the statement would run. Throws `not_supported` for what the engine cannot explain. */
  explain(statement: Statement, options: ExplainOptions): Promise<Plan>;
  describe(): Promise<Catalog>;
  /** Names the server process, enough for `cancel` from any replica. Only usable to cancel. */
  readonly backendId: string;
}

export interface Capabilities {
  readonly transactions: boolean;
  readonly transactionalDdl: boolean;
  readonly explain: 'cost' | 'plan' | 'none';
  readonly language: 'sql' | 'mongosh';
}

/** What the server's own catalogue says of a login. */
export interface LoginFacts {
  /** `15.18`, as the server names it. */
  readonly serverVersion: string;
  /** By which right it could change something, in words; empty when it can only read. */
  readonly writes: readonly string[];
}

export interface EngineDriver {
  readonly kind: EngineKind;
  readonly capabilities: Capabilities;
  /** Statements with exact positions, class, tables and findings; unsure means the stricter answer. Pure. */
  analyse(text: string): Analysis;
  /** Throws EngineError (`connection_failed`, `login_failed`, …) when there is no session to be had. */
  /** All that is worth knowing about a statement before somebody approves it; absent: its `findings` are all. Pure. */
  review?(statement: Statement): readonly Finding[];
  open(target: Target, access: AccessMode): Promise<EngineSession>;
  /** Cancels what runs on a backend, from any replica. A backend that has moved on is left alone. */
  cancel(target: Target, backendId: string): Promise<void>;
  /** Drops idle connections to a target whose credentials or state changed. */
  forget(target: Target): Promise<void>;
  /** Drops everything; nothing can be opened afterwards. */
  close(): Promise<void>;
  /** What became of a transaction that a crash left; `running` while its backend still works. */
  outcome?(target: Target, token: string): Promise<'committed' | 'aborted' | 'running' | 'unknown'>;
  /** The statements that take a change back, in their order. Throws `undo_incomplete` where rows are not known whole. */
  undo?(effect: TableEffect): readonly UndoStep[];
  /**
   * What the login may do beyond reading. An engine that cannot tell leaves it out, and its reads need approval; so
   * does what throws.
   */
  inspectLogin?(target: Target): Promise<LoginFacts>;
  /** What made and keeps a sandbox; absent for engines that are only registered. */
  readonly provisioner?: Provisioner;
}
