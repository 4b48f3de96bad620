import type { AttemptRecord, StatementOutcome } from '../executions/executions.types.js';
import type { JsonCell } from '../../../engines/json-rows.js';
import { mayAct, REQUEST_ACTS, type RequestAct } from './requests.policy.js';
import type { FoundRequest } from './requests.service.js';
import { effectView, type EffectView } from './effect.view.js';
import type { RequestEvent, RequestRecord, RequestState, Risk } from './requests.types.js';
import { progressOf } from './steps.js';

const TONES: Readonly<Record<RequestState, string>> = {
  pending: 'accent',
  approved: 'accent',
  executing: 'accent',
  executed: 'good',
  failed: 'bad',
  rejected: 'bad',
  withdrawn: 'neutral',
  expired: 'warn',
};
const RISK_TONES: Readonly<Record<Risk, string>> = { low: 'good', medium: 'warn', high: 'bad' };

/** What is known about people and things by their ids. */
export interface Names {
  readonly people: ReadonlyMap<string, string>;
  readonly databases: ReadonlyMap<string, string>;
  readonly pods: ReadonlyMap<string, string>;
}

export interface RequestRow {
  readonly id: string;
  readonly number: number;
  readonly href: string;
  readonly title: string;
  readonly kind: string;
  readonly state: RequestState;
  readonly tone: string;
  readonly waitsForYou: boolean;
  readonly risk: Risk;
  readonly riskTone: string;
  readonly environment: string;
  readonly database: { readonly id: string; readonly name: string };
  readonly requester: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

/** GET /requests: template `requests/index`, fragment `requests/_list`. */
export interface RequestsPage {
  readonly show: 'waiting' | 'mine' | 'all';
  readonly tabs: readonly { readonly label: string; readonly href: string; readonly current: boolean }[];
  readonly requests: readonly RequestRow[];
  readonly next: string | null;
}

/** GET /requests/new and /requests/:id/edit: template `requests/new`, fragment `requests/_form`. */
export interface RequestForm {
  /** The request that is changed; null for a new one. */
  readonly id: string | null;
  readonly draft: {
    readonly title: string;
    readonly text: string;
    readonly reason: string;
    readonly run: string;
  };
  readonly databases: readonly { readonly id: string; readonly name: string; readonly selected: boolean }[];
  readonly pods: readonly { readonly id: string; readonly name: string; readonly selected: boolean }[];
}

export interface TimelineEntry {
  readonly at: string;
  readonly actor: string;
  readonly what: string;
  readonly text: string | null;
}

/** GET /requests/:id and every act on it: template `requests/show`, fragment `requests/_show`. */
export interface RequestPage extends RequestRow {
  readonly text: string;
  readonly textHash: string;
  readonly reason: string;
  readonly run: string;
  readonly scheduledFor: string | null;
  readonly windowFrom: string | null;
  readonly windowUntil: string | null;
  readonly pod: string | null;
  readonly version: number;
  readonly stateReason: string | null;
  readonly statements: readonly { readonly class: string; readonly verb: string; readonly tables: string }[];
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
  }[];
  readonly effect: EffectView | null;
  readonly tolerance: number | null;
  readonly steps: readonly {
    readonly title: string;
    readonly people: number;
    readonly given: number;
    readonly done: boolean;
    readonly by: string;
  }[];
  readonly timeline: readonly TimelineEntry[];
  readonly attempts: readonly AttemptView[];
  readonly undoOf: string | null;
  /** The acts that are allowed now. */
  readonly can: Readonly<Record<RequestAct, boolean>>;
  /** Why there is no yes or no of this person. */
  readonly cannotDecide: string | null;
}

export interface AttemptView {
  readonly number: number;
  readonly outcome: string;
  readonly tone: string;
  readonly reason: string | null;
  readonly startedAt: string;
  readonly durationMs: number | null;
  readonly affectedRows: number | null;
  readonly results: readonly AttemptResult[];
}

export interface AttemptResult extends Omit<StatementOutcome, 'rows'> {
  readonly rows: readonly { readonly record: number; readonly cells: readonly JsonCell[] }[];
}

export function requestRow(found: FoundRequest, names: Names): RequestRow {
  const { record } = found;
  return {
    id: record.id,
    number: record.number,
    href: `/requests/${record.id}`,
    title: record.title,
    kind: record.kind,
    state: record.state,
    tone: TONES[record.state],
    waitsForYou: mayAct('approve', record, found) === 'yes',
    risk: record.risk,
    riskTone: RISK_TONES[record.risk],
    environment: record.environment,
    database: { id: record.databaseId, name: names.databases.get(record.databaseId) ?? 'a database' },
    requester: names.people.get(record.requesterId) ?? 'somebody',
    createdAt: record.createdAt.toISOString(),
    expiresAt: isoOf(record.expiresAt),
  };
}

export interface WholeRequest extends FoundRequest {
  readonly events: readonly RequestEvent[];
  readonly attempts: readonly AttemptRecord[];
}

export function requestPage(found: WholeRequest, names: Names): RequestPage {
  const { record } = found;
  const approval = mayAct('approve', record, found);
  return {
    ...requestRow(found, names),
    text: record.text,
    textHash: record.textHash,
    reason: record.reason,
    run: record.run,
    scheduledFor: isoOf(record.scheduledFor),
    windowFrom: isoOf(record.windowFrom),
    windowUntil: isoOf(record.windowUntil),
    pod: names.pods.get(record.podId ?? '') ?? null,
    version: record.version,
    stateReason: record.stateReason,
    statements: record.analysis.map(({ class: kind, verb, tables }) => ({
      class: kind,
      verb,
      tables: tables.join(', '),
    })),
    findings: record.analysis.flatMap(({ findings }) => findings),
    effect: record.effect === null ? null : effectView(record.effect),
    tolerance: record.tolerance,
    steps: progressOf(record.steps, found.decisions).map(({ step, given, done, by }) => ({
      title: step.title,
      people: step.people,
      given,
      done,
      by: by.map(({ name }) => name).join(', '),
    })),
    timeline: found.events.map(timelineEntry),
    attempts: found.attempts.map(attemptView),
    undoOf: record.undoOf,
    can: actsOf(record, found),
    cannotDecide: record.state === 'pending' && approval !== 'yes' ? approval.reason : null,
  };
}

function isoOf(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}

function actsOf(record: RequestRecord, found: FoundRequest): Record<RequestAct, boolean> {
  return Object.fromEntries(REQUEST_ACTS.map((act) => [act, mayAct(act, record, found) === 'yes'])) as Record<
    RequestAct,
    boolean
  >;
}

const WORDS: Readonly<Record<string, string>> = {
  submitted: 'asked for it',
  edited: 'changed it; what was decided before is void',
  previewed: 'ran the preview',
  commented: 'commented',
  approved: 'approved',
  rejected: 'rejected it',
  withdrawn: 'withdrew it',
  expired: 'let it expire',
  voided: 'sent it back',
  executing: 'began to execute it',
  executed: 'executed it',
  failed: 'could not execute it',
  settled: 'said what became of it',
};

function timelineEntry({ at, actorName, kind, details }: RequestEvent): TimelineEntry {
  const told = [details['comment'], details['text'], details['reason'], details['refusal']];
  const text = told.find((value) => typeof value === 'string' && value !== '');
  return {
    at: at.toISOString(),
    actor: actorName,
    what: WORDS[kind] ?? kind,
    text: typeof text === 'string' ? text : null,
  };
}

function attemptView(attempt: AttemptRecord): AttemptView {
  return {
    number: attempt.number,
    outcome: attempt.outcome ?? attempt.phase,
    tone: attempt.outcome === 'executed' ? 'good' : attempt.outcome === null ? 'accent' : 'bad',
    reason: attempt.reason,
    startedAt: attempt.startedAt.toISOString(),
    durationMs: attempt.durationMs,
    affectedRows: attempt.affectedRows,
    results: (attempt.results ?? []).map((result) => ({
      ...result,
      rows: result.rows.map((cells, record) => ({ record, cells })),
    })),
  };
}
