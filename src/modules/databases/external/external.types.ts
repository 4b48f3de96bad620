import type { EngineKind, LoginFacts, Target } from '../../../engines/engine.js';
import type { Role } from '../../../platform/access/roles.js';

export const ENGINE_NAMES: Readonly<Record<EngineKind, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL or MariaDB',
  sqlite: 'SQLite',
  mongodb: 'MongoDB',
};

export const EXTERNAL_ENVIRONMENTS = ['development', 'staging', 'production'] as const;
export type ExternalEnvironment = (typeof EXTERNAL_ENVIRONMENTS)[number];

/** What becomes of a statement, from the mildest to the strictest. */
export const OUTCOMES = ['run', 'needs_approval', 'refuse'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Classes that rules speak of; `control` goes with what it surrounds, `admin` is refused whatever they say. */
export const RULE_CLASSES = ['read', 'dml', 'ddl'] as const;
export type RuleClass = (typeof RULE_CLASSES)[number];

export type StatementRules = Readonly<Record<Role, Readonly<Record<RuleClass, Outcome>>>>;

export interface RuleReason {
  readonly code: string;
  readonly message: string;
}

export interface RuleVerdict {
  readonly outcome: Outcome;
  /** Why it does not simply run; empty when it does. */
  readonly reasons: readonly RuleReason[];
}

/** A registered database: a row of `database` with its row of `external_connection`. */
export interface ExternalDatabase {
  readonly origin: 'external';
  readonly id: string;
  readonly tenantId: string;
  readonly ownerId: string;
  readonly podId: string | null;
  readonly name: string;
  readonly engine: EngineKind;
  readonly status: 'running' | 'purged';
  readonly statusReason: null;
  readonly statusSince: Date;
  readonly lastUsedAt: Date | null;
  readonly storageBytes: null;
  readonly storageMeasuredAt: null;
  readonly deletedAt: null;
  readonly purgeAt: null;
  readonly createdAt: Date;
  readonly environment: ExternalEnvironment;
  readonly connection: StoredConnection;
  /** Null while those of the environment hold. */
  readonly rules: StatementRules | null;
  /** What the server said of the read login when it was asked last. */
  readonly loginFacts: LoginFacts | null;
  readonly checkedAt: Date | null;
}

/** Where a database is; for SQLite `database` is the path in the configured folder, and there is no host. */
export interface ConnectionPlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly tlsMode: Target['tls']['mode'];
  /** PEM; null means the well-known authorities. */
  readonly tlsCa: string | null;
  readonly options: Readonly<Record<string, string>>;
}

export interface StoredConnection extends ConnectionPlace {
  readonly readUsername: string;
  readonly sealedReadPassword: string | null;
  /** Null when nothing can be changed. */
  readonly writeUsername: string | null;
  readonly sealedWritePassword: string | null;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** A connection with its secrets in the open, between a form or the store and the server. */
export interface OpenConnection extends ConnectionPlace {
  readonly engine: EngineKind;
  readonly read: Login;
  readonly write: Login | null;
}
