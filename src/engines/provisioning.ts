/** A statement of the platform, to be run with the server's admin login, outside a transaction. */
export interface ProvisionStep {
  /** Null is the maintenance database. */
  readonly database: string | null;
  readonly sql: string;
  /** A query on the maintenance database; the step is left out when it returns a row. */
  readonly unless?: string;
  /**
   * The statement is a question whose first column holds the statements to run. In any order: those that fail are tried
   * again after the others, as long as one more succeeds, since some of them may need others.
   */
  readonly expands?: 'in order' | 'in any order';
}

/** The physical names of one sandbox; all opaque, made by us, safe to quote. */
export interface SandboxNames {
  readonly database: string;
  readonly writeLogin: string;
  readonly readLogin: string;
}

/** All there is to know about one sandbox on its server. */
export interface SandboxSpec extends SandboxNames {
  readonly writePassword: string;
  readonly readPassword: string;
  readonly connectionLimit: number;
  readonly statementTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  readonly tempFileLimitMb: number;
  /** A comment on the database and its logins that tells what is ours; says nothing about a tenant. */
  readonly marker: string;
  /** What the database's texts are in; the server's own default where it is left out. */
  readonly encoding?: Encoding;
  /** The write login may read and remove, and no longer add; kept by engines that have `grant`. */
  readonly overQuota?: boolean;
}

/** A character set and the order of its characters. */
export interface Encoding {
  readonly characterSet: string;
  readonly collation: string;
}

export const SANDBOX_TEMPLATES = ['blank', 'sample'] as const;
export type SandboxTemplate = (typeof SANDBOX_TEMPLATES)[number];

export type SandboxState = 'running' | 'stopped';

/**
 * Builds the statements that make, change and remove a sandbox; runs nothing itself. All lists may be run again after
 * a crash in their middle, except `create`, before which `drop` clears what is left.
 */
export interface Provisioner {
  readonly inspector: SandboxInspector;
  /** What a database's texts may be in, the usual one first; absent where there is nothing to choose. */
  readonly encodings?: readonly Encoding[];
  /** Connections with the admin login that a URL names; nothing is connected before the first question. */
  connect(url: string): ServerAdmin;
  /** What a server needs before the first sandbox: the owning role, closed defaults, template databases. */
  prepareServer(): readonly ProvisionStep[];
  /** Makes a sandbox as a copy of a template, or of another sandbox from which everybody was cut off. */
  create(spec: SandboxSpec, source: SandboxTemplate | SandboxNames): readonly ProvisionStep[];
  /** Lets the logins in again. */
  start(names: SandboxNames): readonly ProvisionStep[];
  /** Refuses new connections and ends the open ones. */
  stop(names: SandboxNames): readonly ProvisionStep[];
  /** Gives the logins the passwords of the spec and ends what was opened with the old ones. */
  rotate(spec: SandboxSpec): readonly ProvisionStep[];
  /** Throws the content away and starts again from a template, with the same names and passwords. */
  reset(spec: SandboxSpec, template: SandboxTemplate): readonly ProvisionStep[];
  drop(names: SandboxNames): readonly ProvisionStep[];
  /** Gives the logins the rights of the spec and no others, as when it goes over its quota. */
  grant?(spec: SandboxSpec): readonly ProvisionStep[];
}

/** Works on a sandbox server with its admin login. Only the platform's own statements run here, never a person's. */
export interface ServerAdmin {
  readonly ask: AskServer;
  /** Runs steps one after the other, each on its own; those whose `unless` finds a row are left out. */
  run(steps: readonly ProvisionStep[]): Promise<void>;
  /** Runs `work` while no other replica holds the same lock on that server. */
  locked<T>(lock: number, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Asks a sandbox server; null is the maintenance database. */
export type AskServer = <R extends object>(
  database: string | null,
  sql: string,
  parameters?: readonly unknown[],
) => Promise<R[]>;

export interface ServerIdentity {
  /** Different for every cluster, the same for every name of one. */
  readonly clusterId: string;
  readonly version: string;
  /** Why no sandbox can be made on it with this login; null when nothing is in the way. */
  readonly obstacle: string | null;
}

/** What the logins of one sandbox do on the server, the product's own pooled connections apart. */
export interface SandboxActivity {
  readonly database: string;
  readonly connections: number;
  /** Milliseconds since a session last did something; 0 while one is at work; null without sessions. */
  readonly idleMs: number | null;
}

/** Something that is not as it should be, and how to put it right. */
export interface Deviation {
  /** Stable and short: `write login: password`. */
  readonly what: string;
  readonly repair: readonly ProvisionStep[];
}

/** Something on the server that carries a marker of ours. */
export interface MarkedObject {
  readonly kind: 'database' | 'login';
  readonly name: string;
  readonly marker: string;
}

export interface OverdueLimits {
  readonly statementMs: number;
  readonly idleInTransactionMs: number;
}

/** Looks at a sandbox server. */
export interface SandboxInspector {
  identify(ask: AskServer): Promise<ServerIdentity>;
  /** Bytes by database; one that does not exist is absent. */
  sizes(ask: AskServer, databases: readonly string[]): Promise<Map<string, number>>;
  /** One entry per database that has sessions. */
  activity(ask: AskServer, sandboxes: readonly SandboxNames[]): Promise<SandboxActivity[]>;
  /** Compares a sandbox with what it should be. */
  deviations(ask: AskServer, spec: SandboxSpec, state: SandboxState): Promise<Deviation[]>;
  /** Databases and logins with a marker that begins with `prefix`. */
  marked(ask: AskServer, prefix: string): Promise<MarkedObject[]>;
  /** What removes a marked object for good. */
  removal(object: MarkedObject): readonly ProvisionStep[];
  /** Ends what runs longer than the logins' own limits, which a login can lift for itself; returns how many. */
  endOverdue(ask: AskServer, limits: OverdueLimits): Promise<number>;
}
