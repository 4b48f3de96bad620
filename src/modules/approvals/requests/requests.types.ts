import type { StatementEffect } from '../../../engines/effects.js';
import type { Finding, StatementClass } from '../../../engines/engine.js';

export const REQUEST_STATES = [
  'pending',
  'approved',
  'executing',
  'executed',
  'failed',
  'rejected',
  'withdrawn',
  'expired',
] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export const REQUEST_KINDS = ['sql', 'mongo', 'script'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** When an approved request runs: at once, at a time, or when somebody says so. */
export const RUN_MODES = ['on_approval', 'at', 'by_hand'] as const;
export type RunMode = (typeof RUN_MODES)[number];

export const RISKS = ['low', 'medium', 'high'] as const;
export type Risk = (typeof RISKS)[number];

/** What is known of one statement of a request without running it. */
export interface RequestStatement {
  readonly text: string;
  readonly class: StatementClass;
  readonly verb: string;
  readonly tables: readonly string[];
  readonly transactional: boolean;
  readonly findings: readonly Finding[];
}

/** Some people have to agree. A step without a pod is for people of the whole tenant. */
export interface Step {
  readonly title: string;
  readonly podId: string | null;
  readonly role: 'manager' | 'tenant_admin';
  readonly people: number;
}

/** What a preview saw, or why there is none. */
export interface EffectPreview {
  readonly at: string;
  readonly statements: readonly StatementEffect[];
  readonly affectedRows: number;
  /** Over the keys of the changed rows of all statements. */
  readonly digest: string;
  /** Why there is no preview; the lists are empty then. */
  readonly refusal: string | null;
}

/** A row of `query_request`. */
export interface RequestRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly number: number;
  readonly requesterId: string;
  readonly lastEditorId: string;
  readonly databaseId: string;
  readonly podId: string | null;
  readonly kind: RequestKind;
  readonly title: string;
  readonly text: string;
  readonly textHash: string;
  readonly reason: string;
  readonly run: RunMode;
  readonly scheduledFor: Date | null;
  readonly windowFrom: Date | null;
  readonly windowUntil: Date | null;
  readonly state: RequestState;
  readonly stateReason: string | null;
  readonly stateSince: Date;
  readonly expiresAt: Date | null;
  /** Every edit makes another version; what was decided counts for one version only. */
  readonly version: number;
  readonly risk: Risk;
  readonly environment: string;
  readonly analysis: readonly RequestStatement[];
  readonly steps: readonly Step[];
  readonly targetHash: string;
  readonly schemaHash: string | null;
  readonly effect: EffectPreview | null;
  /** By how many rows the execution may differ from the preview; null when it is not bound to one. */
  readonly tolerance: number | null;
  readonly undoOf: string | null;
  readonly createdAt: Date;
}

/** A row of `request_event`: what happened, in order. */
export interface RequestEvent {
  readonly seq: number;
  readonly at: Date;
  readonly actorId: string | null;
  readonly actorName: string;
  readonly kind: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A row of `request_decision`. */
export interface Decision {
  readonly membershipId: string;
  readonly name: string;
  readonly step: number;
  readonly at: Date;
}

/** Who acts on requests, with what their role and pods give. */
export interface Approver {
  readonly membershipId: string;
  readonly name: string;
  readonly role: 'viewer' | 'developer' | 'manager' | 'tenant_admin';
  /** Pods in which they are a manager. */
  readonly managedPodIds: readonly string[];
}
