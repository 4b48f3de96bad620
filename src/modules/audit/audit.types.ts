/** Who acted, as they were at that time. `Actor` has this shape. */
export interface AuditActor {
  /** The chain the entry belongs to; null is the platform's own. */
  readonly tenantId: string | null;
  readonly accountId: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly ip: string | null;
  readonly requestId: string | null;
}

export type AuditOutcome = 'done' | 'refused' | 'failed';

export interface AuditFacts {
  readonly object?: { readonly type: string; readonly id: string; readonly name?: string };
  /** `done` unless said otherwise. */
  readonly outcome?: AuditOutcome;
  /** Plain JSON, at most 8 KB; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface AuditRecord extends AuditFacts {
  readonly actor: AuditActor;
  /** `noun.verb`: `database.create` */
  readonly action: string;
}

/** A row of `audit_entry` as it is written. */
export interface NewEntry {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly at: string;
  readonly account_id: string | null;
  readonly actor_name: string;
  readonly actor_email: string | null;
  readonly ip: string | null;
  readonly request_id: string | null;
  readonly action: string;
  readonly object_type: string | null;
  readonly object_id: string | null;
  readonly object_name: string | null;
  readonly outcome: AuditOutcome;
  readonly details: Readonly<Record<string, unknown>>;
}

/** An entry with its place in the chain; null until it is sealed. */
export interface StoredEntry extends Omit<NewEntry, 'at'> {
  readonly at: Date;
  readonly seq: string | null;
  readonly hash: Buffer | null;
  readonly previous_hash: Buffer | null;
}

export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly object?: string;
  readonly objectId?: string;
  readonly from?: Date;
  readonly to?: Date;
  /** Only entries older than this one. */
  readonly before?: string;
}

/** A change that is made by the very statement that records it. Each has a name of its own. */
export interface AlongChange {
  readonly name: string;
  /** Statements in the shape of common table expressions; their parameters begin with `$2`. */
  readonly steps: string;
  /** What the whole selects. */
  readonly answer: string;
}

/** The platform itself, acting on its own: jobs and first starts. */
export function systemActor(tenantId: string | null): AuditActor {
  return { tenantId, accountId: null, name: 'CloudDB Manager', email: null, ip: null, requestId: null };
}

/** The chain of entries that belong to no tenant. */
export const PLATFORM_CHAIN = '00000000-0000-0000-0000-000000000000';
