import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { Queue } from '../../../platform/jobs/queue.js';
import { EXECUTION_QUEUE } from '../executions/executions.types.js';
import { RequestsService, RequestStore, type FoundRequest } from './requests.service.js';
import type { RequestRecord } from './requests.types.js';
import { isApproved, openStepFor, progressOf } from './steps.js';

/** How long an approval holds. */
const APPROVED_MS = 86_400_000;

export interface Approval {
  readonly comment: string;
  /** The version that the person has looked at. */
  readonly version: number;
  /** Bound to the preview: by how many rows the execution may differ. Null: not bound. */
  readonly tolerance: number | null;
}

/** Yes and no to what others asked for. */
@Injectable()
export class RequestDecisionsService {
  constructor(
    private readonly requests: RequestsService,
    private readonly store: RequestStore,
    private readonly queue: Queue,
  ) {}

  /** With the last yes that it needs the request is approved, and runs if that is what was asked for. */
  async approve(actor: Actor, id: string, approval: Approval): Promise<RequestRecord> {
    return this.requests.change(actor, id, 'approve', async (found) => {
      const { record, decisions, person } = found;
      refuseOther(record, approval.version);
      const { requests, clock } = this.store;
      const step = openStepFor(record.steps, decisions, person);
      const decision = { membershipId: person.membershipId, name: person.name, step, at: clock.now() };
      await requests.decide(record.id, record.version, decision);
      await this.bind(record, approval.tolerance);
      const all = [...decisions, decision];
      if (isApproved(record.steps, all)) await this.passOn(actor, found, approval);
      else await this.noteYes(actor, found, approval, step);
    });
  }

  /** Ends the request; whoever asked learns why. */
  async reject(actor: Actor, id: string, comment: string, version: number): Promise<RequestRecord> {
    return this.requests.change(actor, id, 'reject', async ({ record }) => {
      refuseOther(record, version);
      const passage = {
        to: 'rejected',
        kind: 'rejected',
        action: 'request.reject',
        reason: comment,
      } as const;
      await this.requests.pass(record, actor, { ...passage, details: { comment } });
    });
  }

  /** Runs an approved request now, or as soon as a worker is free. */
  async execute(actor: Actor, id: string): Promise<RequestRecord> {
    return this.requests.change(actor, id, 'execute', async ({ record }) => {
      await this.queue.send(EXECUTION_QUEUE, { tenantId: record.tenantId, requestId: record.id });
    });
  }

  private async passOn(
    actor: Actor,
    { record }: FoundRequest,
    { comment, tolerance }: Approval,
  ): Promise<void> {
    const expiresAt = new Date(
      Math.max(this.store.clock.now().getTime(), record.scheduledFor?.getTime() ?? 0) + APPROVED_MS,
    );
    const details = { comment, tolerance, ...seenBy(record) };
    const passage = { to: 'approved', kind: 'approved', action: 'request.approve' } as const;
    await this.requests.pass(record, actor, { ...passage, expiresAt, details });
    if (record.run === 'on_approval')
      await this.queue.send(EXECUTION_QUEUE, { tenantId: record.tenantId, requestId: record.id });
  }

  private async noteYes(
    actor: Actor,
    { record, decisions }: FoundRequest,
    { comment, tolerance }: Approval,
    step: number,
  ): Promise<void> {
    const { requests, audit, clock } = this.store;
    const open = progressOf(record.steps, decisions)[step];
    const details = { comment, tolerance, step: open?.step.title ?? '', ...seenBy(record) };
    const event = {
      actor: { id: actor.membershipId, name: actor.name },
      at: clock.now(),
      kind: 'approved',
      details,
    };
    await requests.note(record.id, event);
    const object = { type: 'request', id: record.id, name: `#${String(record.number)} ${record.title}` };
    await audit.record(actor, 'request.approve', { object, details });
  }

  /** The strictest of what the approvers chose holds. */
  private async bind(record: RequestRecord, tolerance: number | null): Promise<void> {
    if (tolerance === null) return;
    if (record.effect?.refusal !== null)
      throw new AppError(
        'conflict',
        'no_preview',
        'There is no preview that the execution could be held to.',
      );
    const strictest = record.tolerance === null ? tolerance : Math.min(record.tolerance, tolerance);
    await this.store.requests.update(record.tenantId, record.id, { tolerance: strictest });
  }
}

function refuseOther(record: RequestRecord, version: number): void {
  if (record.version === version) return;
  throw new AppError(
    'conflict',
    'request_changed',
    'The request was changed while you looked at it: read it again.',
  );
}

/** What the person saw when they said yes. */
function seenBy({
  version,
  textHash,
  targetHash,
  schemaHash,
  effect,
}: RequestRecord): Record<string, unknown> {
  return { version, textHash, targetHash, schemaHash, effectDigest: effect?.digest ?? null };
}
