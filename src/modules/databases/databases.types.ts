import type { EngineKind, StatementClass, Target } from '../../engines/engine.js';
import type { SandboxTemplate } from '../../engines/provisioning.js';
import type { Role } from '../../platform/access/roles.js';
import type { ExternalDatabase, ExternalEnvironment, RuleVerdict } from './external/external.types.js';

/** Engines with servers on which sandboxes are made. */
export const SANDBOX_ENGINES = ['postgres', 'mysql'] as const;
export type SandboxEngine = (typeof SANDBOX_ENGINES)[number];

/** What engines are called where no server with its version is known. */
export const ENGINE_NAMES: Readonly<Record<SandboxEngine, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
};

export const DATABASE_STATES = [
  'provisioning',
  'running',
  'stopping',
  'stopped',
  'starting',
  'resetting',
  'deleting',
  'deleted',
  'purging',
  'purged',
  'failed',
] as const;
export type DatabaseState = (typeof DATABASE_STATES)[number];

/** Where a database stands; provisioned ones are sandboxes. */
export type Environment = 'sandbox' | ExternalEnvironment;

/** A row of `database` that we made on a sandbox server. */
export interface DatabaseRecord {
  readonly origin: 'provisioned';
  readonly id: string;
  readonly tenantId: string;
  readonly ownerId: string;
  readonly podId: string | null;
  readonly name: string;
  readonly engine: SandboxEngine;
  readonly template: SandboxTemplate;
  readonly sourceId: string | null;
  readonly serverId: string;
  /** Null where the engine leaves no choice. */
  readonly characterSet: string | null;
  readonly textCollation: string | null;
  readonly physicalName: string;
  readonly writeLogin: string;
  readonly readLogin: string;
  readonly sealedWritePassword: string;
  readonly sealedReadPassword: string;
  readonly connectionLimit: number;
  readonly status: DatabaseState;
  readonly statusReason: string | null;
  readonly statusSince: Date;
  readonly autoStopMinutes: number | null;
  readonly protected: boolean;
  readonly lastUsedAt: Date | null;
  readonly storageBytes: string | null;
  readonly storageMeasuredAt: Date | null;
  readonly deletedAt: Date | null;
  readonly purgeAt: Date | null;
  readonly createdAt: Date;
}

/** What people pick in the workbench: made here, or registered. */
export type AnyDatabase = DatabaseRecord | ExternalDatabase;

export type GrantLevel = 'read' | 'write' | 'manage';

export interface DatabaseGrant {
  readonly id: string;
  readonly databaseId: string;
  readonly membershipId: string | null;
  readonly podId: string | null;
  readonly level: GrantLevel;
}

/** What a run needs to know of a database that its actor may use. */
export interface RunTarget {
  readonly databaseId: string;
  readonly name: string;
  readonly engine: EngineKind;
  readonly environment: Environment;
  readonly read: Target;
  /** Null when the actor may only read, or when no login that writes is registered. */
  readonly write: Target | null;
  /** What the actor's reach allows, whatever logins there are. */
  readonly mayWrite: boolean;
  /** What the rules of a registered database say beside the actor's reach; null for sandboxes. */
  readonly ruleFor: ((statement: StatementClass, role: Role) => RuleVerdict) | null;
  /** How long it took to start it for this run; null when it was running. */
  readonly wokenInMs: number | null;
}

/** A sandbox server without its secrets. */
export interface ServerFacts {
  readonly id: string;
  readonly engineName: string;
  /** What connection strings show. */
  readonly publicHost: string;
  readonly host: string;
  readonly port: number;
  readonly tls: Target['tls']['mode'];
}
