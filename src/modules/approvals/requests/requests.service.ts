import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { Clock } from '../../../platform/clock/clock.js';
import { AppError, notFound, refuseUnless } from '../../../platform/errors/app-error.js';
import { newId } from '../../../platform/persistence/ids.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { AuditService } from '../../audit/audit.service.js';
import { UsersService } from '../../users/users.service.js';
import { titleOf } from './request-assessment.js';
import { RequestDraftsService, type Draft } from './request-drafts.service.js';
import { mayAct, maySee, type RequestAct, type RequestContext } from './requests.policy.js';
import { RequestsRepository, type DecisionRow, type RequestFilter } from './requests.repository.js';
import type { Approver, Decision, RequestEvent, RequestRecord, RunMode } from './requests.types.js';

/** How long a request waits for a decision, and an approved one for its execution. */
const PENDING_MS = 86_400_000;
/** Statements of an undo: one for every row that was changed. */
const MAX_UNDO_STEPS = 10_000;

export interface RequestInput {
  readonly databaseId: string;
  readonly podId: string | null;
  readonly title: string;
  readonly text: string;
  readonly reason: string;
  readonly run: RunMode;
  readonly scheduledFor: Date | null;
  readonly windowFrom: Date | null;
  readonly windowUntil: Date | null;
}

/** A request with all that the policy and the page need. */
export interface FoundRequest {
  readonly record: RequestRecord;
  readonly decisions: readonly Decision[];
  readonly person: Approver;
}

@Injectable()
export class RequestStore {
  constructor(
    readonly requests: RequestsRepository,
    readonly transactions: Transactions,
    readonly audit: AuditService,
    readonly clock: Clock,
  ) {}
}

/** Asking for something, and what the person who asked may do until it is decided. */
@Injectable()
export class RequestsService {
  constructor(
    private readonly drafts: RequestDraftsService,
    private readonly users: UsersService,
    private readonly store: RequestStore,
  ) {}

  async submit(actor: Actor, input: RequestInput, undoOf: string | null = null): Promise<RequestRecord> {
    const draft = await this.drafts.prepare(actor, input, undoOf === null ? undefined : MAX_UNDO_STEPS);
    const { requests, transactions, clock } = this.store;
    const now = clock.now();
    return transactions.run(async () => {
      const number = await requests.nextNumber(actor.tenantId);
      const record = { ...recordOf(actor, input, draft, now), number, undoOf };
      await requests.insert(record);
      await this.tell(record, actor, 'submitted', 'request.submit', { reason: input.reason });
      return record;
    });
  }

  /** Another text, reason or time; what was decided so far is void, which the history says. */
  async edit(actor: Actor, id: string, input: RequestInput): Promise<RequestRecord> {
    const draft = await this.drafts.prepare(actor, input);
    return this.change(actor, id, 'edit', async ({ record, decisions }) => {
      const changes = {
        ...contentOf(input, draft, this.store.clock.now()),
        lastEditorId: actor.membershipId,
        version: record.version + 1,
      };
      await this.store.requests.update(record.tenantId, record.id, changes);
      await this.tell(record, actor, 'edited', 'request.edit', {
        voided: decisions.length,
        before: record.text,
      });
    });
  }

  async withdraw(actor: Actor, id: string): Promise<RequestRecord> {
    return this.change(actor, id, 'withdraw', async ({ record }) => {
      await this.pass(record, actor, { to: 'withdrawn', kind: 'withdrawn', action: 'request.withdraw' });
    });
  }

  async comment(actor: Actor, id: string, text: string): Promise<RequestRecord> {
    return this.change(actor, id, 'comment', async ({ record }) => {
      await this.tell(record, actor, 'commented', 'request.comment', { text });
    });
  }

  /** Those the person may see, the newest first; `next` is where the following ones begin. */
  async list(
    actor: Actor,
    filter: RequestFilter,
    limit: number,
  ): Promise<{ found: FoundRequest[]; next: number | null }> {
    const person = await this.personOf(actor);
    const { requests } = this.store;
    const records = await requests.list(actor.tenantId, filter, limit);
    const seen = records.filter((record) => maySee(record, person, actor.podIds));
    const decisions = await requests.decisionsOf(seen.map(({ id }) => id));
    const found = seen.map((record) => ({ record, person, decisions: decisionsFor(record, decisions) }));
    return { found, next: records.length < limit ? null : (records.at(-1)?.number ?? null) };
  }

  async get(actor: Actor, id: string): Promise<FoundRequest & { readonly events: readonly RequestEvent[] }> {
    const record = await this.store.requests.find(actor.tenantId, id);
    const found = await this.seen(actor, record);
    return { ...found, events: await this.store.requests.events(id) };
  }

  /** Does something under the row's lock if the policy allows it there and then; answers the row as it is after. */
  async change(
    actor: Actor,
    id: string,
    act: RequestAct,
    work: (found: FoundRequest) => Promise<void>,
  ): Promise<RequestRecord> {
    const { requests, transactions } = this.store;
    return transactions.run(async () => {
      const found = await this.seen(actor, await requests.findForUpdate(actor.tenantId, id));
      const verdict = mayAct(act, found.record, contextOf(found));
      refuseUnless(verdict, verdict !== 'yes' && verdict.code === 'wrong_state' ? 'conflict' : 'forbidden');
      await work(found);
      return (await requests.find(actor.tenantId, id)) ?? found.record;
    });
  }

  /** From the state it is in to another, with its line in the history and in the audit log. */
  async pass(
    record: RequestRecord,
    actor: Actor,
    { to, kind, action, reason = null, expiresAt = null, details = {} }: Passage,
  ): Promise<void> {
    const event = {
      actor: { id: actor.membershipId, name: actor.name },
      at: this.store.clock.now(),
      kind,
      details,
    };
    const transition = { from: record.state, to, reason, expiresAt, event };
    if (!(await this.store.requests.transition(record.tenantId, record.id, transition)))
      throw new AppError('conflict', 'state_changed', 'The request has changed meanwhile: look at it again.');
    await this.store.audit.record(actor, action, {
      object: objectOf(record),
      details: { ...details, version: record.version },
    });
  }

  async personOf(actor: Actor): Promise<Approver> {
    const { membershipId, tenantId, name, role } = actor;
    return {
      membershipId,
      name,
      role,
      managedPodIds: await this.users.managedPodIds(tenantId, membershipId),
    };
  }

  private async seen(actor: Actor, record: RequestRecord | undefined): Promise<FoundRequest> {
    const person = await this.personOf(actor);
    if (record === undefined || !maySee(record, person, actor.podIds)) throw notFound('request');
    return { record, person, decisions: await this.store.requests.decisions(record.id, record.version) };
  }

  private async tell(
    record: RequestRecord,
    actor: Actor,
    kind: string,
    action: string,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const event = {
      actor: { id: actor.membershipId, name: actor.name },
      at: this.store.clock.now(),
      kind,
      details,
    };
    await this.store.requests.note(record.id, event);
    const facts = { textHash: record.textHash, version: record.version, database: record.databaseId };
    await this.store.audit.record(actor, action, { object: objectOf(record), details: facts });
  }
}

export interface Passage {
  readonly to: RequestRecord['state'];
  readonly kind: string;
  readonly action: string;
  readonly reason?: string | null;
  readonly expiresAt?: Date | null;
  readonly details?: Readonly<Record<string, unknown>>;
}

function decisionsFor({ id, version }: RequestRecord, all: readonly DecisionRow[]): Decision[] {
  return all.filter((row) => row.requestId === id && row.version === version);
}

export function contextOf({ person, decisions }: FoundRequest): RequestContext {
  return { person, decisions };
}

export function objectOf({ id, number, title }: RequestRecord): { type: string; id: string; name: string } {
  return { type: 'request', id, name: `#${String(number)} ${title}` };
}

type Written = 'number' | 'undoOf';
type Fixed =
  Written | 'id' | 'tenantId' | 'requesterId' | 'lastEditorId' | 'state' | 'stateReason' | 'stateSince';

function recordOf(actor: Actor, input: RequestInput, draft: Draft, now: Date): Omit<RequestRecord, Written> {
  return {
    id: newId(),
    tenantId: actor.tenantId,
    requesterId: actor.membershipId,
    lastEditorId: actor.membershipId,
    state: 'pending',
    stateReason: null,
    stateSince: now,
    version: 1,
    createdAt: now,
    ...contentOf(input, draft, now),
  };
}

/** What an edit replaces. */
function contentOf(
  input: RequestInput,
  draft: Draft,
  now: Date,
): Omit<RequestRecord, Fixed | 'version' | 'createdAt'> {
  const { databaseId, podId, text, reason, run, scheduledFor, windowFrom, windowUntil } = input;
  return {
    ...{ databaseId, podId, text, reason, run, scheduledFor, windowFrom, windowUntil },
    kind: 'sql',
    title: input.title === '' ? titleOf(text) : input.title,
    expiresAt: new Date(now.getTime() + PENDING_MS),
    risk: draft.risk,
    environment: draft.target.environment,
    analysis: draft.analysis,
    steps: draft.steps,
    ...draft.hashes,
    effect: null,
    tolerance: null,
  };
}
