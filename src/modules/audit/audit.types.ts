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

/** The platform itself, acting on its own: jobs and first starts. */
export function systemActor(tenantId: string | null): AuditActor {
  return { tenantId, accountId: null, name: 'CloudDB Manager', email: null, ip: null, requestId: null };
}

/** The chain of entries that belong to no tenant. */
export const PLATFORM_CHAIN = '00000000-0000-0000-0000-000000000000';
