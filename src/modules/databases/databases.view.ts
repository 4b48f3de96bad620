import type { EngineKind } from '../../engines/engine.js';
import type { Meter } from '../../platform/http/meter.js';
import type { Environment } from './databases.types.js';

/**
 * `starting` … `deleting` are on their way: pages ask again by themselves until the state has settled. `registered` is
 * all that is known of an external database.
 */
export const DATABASE_STATUSES = [
  'provisioning',
  'running',
  'stopping',
  'stopped',
  'starting',
  'resetting',
  'deleting',
  'deleted',
  'failed',
  'registered',
] as const;
export type DatabaseStatus = (typeof DATABASE_STATUSES)[number];

const BUSY: ReadonlySet<DatabaseStatus> = new Set([
  'provisioning',
  'stopping',
  'starting',
  'resetting',
  'deleting',
]);
const TONES: Readonly<Record<DatabaseStatus, Tone>> = {
  provisioning: 'accent',
  running: 'good',
  stopping: 'accent',
  stopped: 'neutral',
  starting: 'accent',
  resetting: 'accent',
  deleting: 'accent',
  deleted: 'neutral',
  failed: 'bad',
  registered: 'neutral',
};

/** The colour of a state's pill. */
export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'accent';

export function isBusy(status: DatabaseStatus): boolean {
  return BUSY.has(status);
}

export function toneOf(status: DatabaseStatus): Tone {
  return TONES[status];
}

/** What a person may do with a database now. */
export interface DatabaseRights {
  readonly open: boolean;
  readonly start: boolean;
  readonly stop: boolean;
  readonly rotate: boolean;
  readonly reset: boolean;
  readonly clone: boolean;
  readonly configure: boolean;
  readonly delete: boolean;
  readonly restore: boolean;
  readonly retry: boolean;
}

export const NO_RIGHTS: DatabaseRights = {
  open: false,
  start: false,
  stop: false,
  rotate: false,
  reset: false,
  clone: false,
  configure: false,
  delete: false,
  restore: false,
  retry: false,
};

/** One line of the list: template `databases/_row`. */
export interface DatabaseRow {
  readonly id: string;
  readonly name: string;
  readonly engine: EngineKind;
  /** The engine in words, with its version: `PostgreSQL 18`. */
  readonly engineName: string;
  readonly origin: 'provisioned' | 'external';
  readonly environment: Environment;
  /** The address of its page. */
  readonly href: string;
  /** What a provisioned one was made from; null for registered ones. */
  readonly template: string | null;
  readonly status: DatabaseStatus;
  /** Why it failed; null otherwise. */
  readonly statusReason: string | null;
  readonly tone: Tone;
  /** True while the state changes by itself. */
  readonly busy: boolean;
  readonly owner: { readonly id: string; readonly name: string };
  /** Null until it was measured first. */
  readonly sizeBytes: number | null;
  readonly sizeMeasuredAt: string | null;
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
  readonly can: DatabaseRights;
}

/** A deleted database that can still be brought back. */
export interface DeletedDatabaseRow {
  readonly id: string;
  readonly name: string;
  readonly engineName: string;
  readonly owner: { readonly id: string; readonly name: string };
  readonly sizeBytes: number | null;
  readonly deletedAt: string;
  /** When it is dropped for good. */
  readonly purgeAt: string;
  readonly can: { readonly restore: boolean };
}

/** GET /databases: template `databases/index`, fragment `databases/_list`. */
export interface DatabasesPage {
  readonly databases: readonly DatabaseRow[];
  readonly deleted: readonly DeletedDatabaseRow[];
  readonly quotas: readonly Meter[];
  readonly can: { readonly create: boolean; readonly register: boolean };
  /** Why no database can be created now, for those who otherwise may; null when nothing is in the way. */
  readonly createRefusal: string | null;
}

/** How to connect. The password is known once, after creating and rotating. */
export interface ConnectionView {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

/** Ready-made text for a program; `id` is unique on the page. */
export interface ConnectionString {
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

/** GET /databases/new: template `databases/new`, fragment `databases/_form`. */
export interface DatabaseFormPage {
  readonly name: string;
  readonly engines: readonly Choice[];
  /** Servers to choose from, grouped by engine; empty while every engine has one only. */
  readonly servers: readonly OptionGroup[];
  /** Encodings by character set, for the engines that leave a choice; empty when none of them is there. */
  readonly encodings: readonly OptionGroup[];
  readonly templates: readonly Choice[];
  readonly errors: {
    readonly name: string | null;
    readonly engine: string | null;
    readonly serverId: string | null;
    readonly collation: string | null;
    readonly template: string | null;
  };
  /** What stands in the way of any creation, such as an exhausted quota. */
  readonly refusal: string | null;
  /** The quotas as they would be with this database. */
  readonly quotas: readonly QuotaEffect[];
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly sentence: string;
  readonly selected: boolean;
}

/** Options of a select under one heading. */
export interface OptionGroup {
  readonly label: string;
  readonly options: readonly {
    readonly value: string;
    readonly label: string;
    readonly selected: boolean;
  }[];
}

export interface QuotaEffect {
  readonly label: string;
  readonly unit: Meter['unit'];
  readonly before: number;
  readonly after: number;
  readonly limit: number;
  readonly level: Meter['level'];
}

/** GET /databases/confirm?name=&engine=&template=: template `databases/confirm`. */
export interface DatabaseConfirmPage {
  readonly name: string;
  readonly engine: string;
  readonly engineName: string;
  /** The server that was asked for; null leaves the choice to the platform. */
  readonly serverId: string | null;
  readonly serverName: string | null;
  /** Null where the engine leaves no choice. */
  readonly characterSet: string | null;
  readonly collation: string | null;
  readonly template: string;
  readonly templateName: string;
  readonly templateSentence: string;
  readonly autoStopMinutes: number | null;
  readonly quotas: readonly QuotaEffect[];
}

/** The only answers with a password: POST /databases, …/clone and …/rotate. Fragment `databases/_credentials`. */
export interface DatabaseCredentials {
  readonly id: string;
  readonly name: string;
  readonly engine: EngineKind;
  readonly status: DatabaseStatus;
  readonly connection: ConnectionView;
  readonly strings: readonly ConnectionString[];
}

export const DATABASE_TABS = ['overview', 'access', 'settings', 'history'] as const;
export type DatabaseTab = (typeof DATABASE_TABS)[number];

/** GET /databases/:id?tab=: template `databases/show`, fragment `databases/_show`. */
export interface DatabasePage extends DatabaseRow {
  readonly tab: DatabaseTab;
  /** Which programs connect: `PostgreSQL`, `MySQL`. */
  readonly clientName: string;
  /** Null where the engine leaves no choice. */
  readonly encoding: string | null;
  /** With a placeholder for the password. */
  readonly connection: Omit<ConnectionView, 'password'>;
  readonly strings: readonly ConnectionString[];
  readonly activity: DatabaseActivity;
  readonly autoStopMinutes: number | null;
  /** Deleting and resetting are refused. */
  readonly protected: boolean;
  /** When a deleted database is dropped for good; null while it is not deleted. */
  readonly purgeAt: string | null;
  readonly access: DatabaseAccess;
  readonly history: readonly DatabaseEvent[];
  /** Choices for auto-stop with the present one selected. */
  readonly autoStopChoices: readonly {
    readonly minutes: number;
    readonly label: string;
    readonly selected: boolean;
  }[];
}

export interface DatabaseActivity {
  /** Sessions of the database's own logins on the server now; null while it is not running or unknown. */
  readonly connections: number | null;
  readonly connectionLimit: number;
  /** When it will stop if nobody uses it; null when it will not. */
  readonly autoStopAt: string | null;
}

export interface DatabaseAccess {
  readonly logins: readonly {
    readonly username: string;
    readonly access: 'read-write' | 'read-only';
    readonly connectionLimit: number;
  }[];
  readonly grants: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: 'person' | 'pod';
    readonly level: 'read' | 'write' | 'manage';
  }[];
}

/** An audit entry about this database. */
export interface DatabaseEvent {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly summary: string;
}
