import { Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/errors/app-error.js';
import { Drain, type Drainable } from '../../../platform/http/drain.js';
import { newId } from '../../../platform/persistence/ids.js';
import { systemActor } from '../../audit/audit.types.js';
import { DatabasesService } from '../../databases/databases.service.js';
import { RequestDraftsService, type Draft } from '../requests/request-drafts.service.js';
import { INTERRUPTED } from '../requests/requests.policy.js';
import { objectOf, RequestStore } from '../requests/requests.service.js';
import type { RequestRecord, RequestState } from '../requests/requests.types.js';
import { isApproved } from '../requests/steps.js';
import { AttemptsRepository } from './attempts.repository.js';
import type { AttemptEnd, ExecutionPhase } from './executions.types.js';

const LEASE_MS = 20_000;
const BEAT_MS = 5000;

/** An attempt that this process makes. */
export interface Claim {
  readonly record: RequestRecord;
  readonly attemptId: string;
  /** Aborted when the process has to stop. */
  readonly signal: AbortSignal;
}

/** Takes requests for execution, at most one process each, and writes down how far it got. */
@Injectable()
export class ExecutionClaims implements Drainable {
  private readonly nodeId = newId();
  private readonly open = new Map<
    string,
    { abort: AbortController; done: Promise<void>; settle: () => void }
  >();

  constructor(
    private readonly store: RequestStore,
    private readonly attempts: AttemptsRepository,
    private readonly drafts: RequestDraftsService,
    private readonly databases: DatabasesService,
    drain: Drain,
  ) {
    drain.add(this);
  }

  /** Undefined when there is nothing to execute: another state, another process, or an approval that is void. */
  async claim(tenantId: string, requestId: string): Promise<Claim | undefined> {
    const seen = await this.store.requests.find(tenantId, requestId);
    if (seen?.state !== 'approved') return undefined;
    const target = await this.databases.executionTarget(tenantId, seen.databaseId);
    const hashes = await this.drafts.hashesOf(target, seen.text, seen.analysis);
    return this.store.transactions.run(async () => this.claimNow(seen, hashes));
  }

  /** Renews the lease until it is cleared. */
  keepAlive({ attemptId }: Claim): NodeJS.Timeout {
    return setInterval(() => {
      this.attempts.renew(attemptId, this.leaseEnd()).catch(() => undefined);
    }, BEAT_MS);
  }

  /** Stored before the step it announces. Throws when somebody has taken the attempt for dead. */
  async enter(
    claim: Claim,
    phase: ExecutionPhase,
    facts: { token?: string; backendId?: string } = {},
  ): Promise<void> {
    if (await this.attempts.enter(claim.attemptId, phase, facts)) return;
    throw new AppError('conflict', 'attempt_ended', 'The attempt has ended already.');
  }

  async finish(claim: Claim, end: AttemptEnd, images: Buffer | null): Promise<void> {
    await this.conclude(claim.record, claim.attemptId, end, images);
    this.open.get(claim.attemptId)?.settle();
    this.open.delete(claim.attemptId);
  }

  /** Writes how an attempt ended, the request's last state and the audit entry in one transaction. */
  async conclude(
    record: RequestRecord,
    attemptId: string,
    end: AttemptEnd,
    images: Buffer | null,
  ): Promise<void> {
    const { transactions, requests, audit, clock } = this.store;
    await transactions.run(async () => {
      if (!(await this.attempts.end(attemptId, { ...end, at: clock.now(), images }))) return;
      const to: RequestState = end.outcome === 'executed' ? 'executed' : 'failed';
      const reason = end.outcome === 'interrupted' ? INTERRUPTED : end.reason;
      const details = { outcome: end.outcome, reason: end.reason, affectedRows: end.affectedRows };
      const event = { actor: SYSTEM, at: clock.now(), kind: to, details };
      await requests.transition(record.tenantId, record.id, { from: 'executing', to, reason, event });
      const outcome = end.outcome === 'executed' ? 'done' : 'failed';
      const facts = {
        object: objectOf(record),
        outcome,
        details: { ...details, textHash: record.textHash },
      } as const;
      await audit.record(systemActor(record.tenantId), 'request.execute', facts);
    });
  }

  async onDeadline(): Promise<void> {
    for (const { abort } of this.open.values()) abort.abort();
    await Promise.all([...this.open.values()].map(async ({ done }) => done));
  }

  private async claimNow(seen: RequestRecord, hashes: Draft['hashes']): Promise<Claim | undefined> {
    const { requests, clock } = this.store;
    const record = await requests.findForUpdate(seen.tenantId, seen.id);
    if (record?.state !== 'approved' || record.version !== seen.version) return undefined;
    const now = clock.now();
    if (!isInTime(record, now)) return undefined;
    const changed = await this.changeSince(record, hashes);
    if (changed !== null) {
      await this.voidApproval(record, hashes, changed, now);
      return undefined;
    }
    const attemptId = newId();
    await this.attempts.insert({
      id: attemptId,
      requestId: record.id,
      nodeId: this.nodeId,
      at: now,
      leaseUntil: this.leaseEnd(),
    });
    const event = { actor: SYSTEM, at: now, kind: 'executing', details: { attempt: attemptId } };
    await requests.transition(record.tenantId, record.id, { from: 'approved', to: 'executing', event });
    return { record, attemptId, signal: this.track(attemptId) };
  }

  /** What is no longer as it was approved, in words; null when everything is. */
  private async changeSince(record: RequestRecord, hashes: Draft['hashes']): Promise<string | null> {
    const decisions = await this.store.requests.decisions(record.id, record.version);
    if (!isApproved(record.steps, decisions)) return 'its approvals do not hold any more';
    if (hashes.textHash !== record.textHash) return 'its text is not the approved one';
    if (hashes.targetHash !== record.targetHash)
      return 'the database leads to another server or login than approved';
    return hashes.schemaHash === record.schemaHash ? null : 'a table that it uses was altered since';
  }

  /** Back to pending as another version: everybody has to look again. */
  private async voidApproval(
    record: RequestRecord,
    hashes: Draft['hashes'],
    why: string,
    now: Date,
  ): Promise<void> {
    const { requests, audit } = this.store;
    const reason = `The approval is void: ${why}.`;
    const event = { actor: SYSTEM, at: now, kind: 'voided', details: { reason } };
    const expiresAt = new Date(now.getTime() + 86_400_000);
    await requests.transition(record.tenantId, record.id, {
      from: 'approved',
      to: 'pending',
      reason,
      expiresAt,
      event,
    });
    await requests.update(record.tenantId, record.id, {
      ...hashes,
      version: record.version + 1,
      effect: null,
      tolerance: null,
    });
    await audit.record(systemActor(record.tenantId), 'request.void', {
      object: objectOf(record),
      details: { reason },
    });
  }

  private track(attemptId: string): AbortSignal {
    const abort = new AbortController();
    let settle = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      settle = resolve;
    });
    this.open.set(attemptId, {
      abort,
      done,
      settle: () => {
        settle();
      },
    });
    return abort.signal;
  }

  private leaseEnd(): Date {
    return new Date(this.store.clock.now().getTime() + LEASE_MS);
  }
}

const SYSTEM = { id: null, name: 'CloudDB Manager' };

function isInTime({ expiresAt, scheduledFor, windowFrom, windowUntil }: RequestRecord, now: Date): boolean {
  if (expiresAt !== null && expiresAt <= now) return false;
  if (scheduledFor !== null && scheduledFor > now) return false;
  return (windowFrom === null || windowFrom <= now) && (windowUntil === null || windowUntil > now);
}
