import { Injectable } from '@nestjs/common';
import { systemActor } from '../../audit/audit.types.js';
import { Queue } from '../../../platform/jobs/queue.js';
import { objectOf, RequestStore } from '../requests/requests.service.js';
import { AttemptsRepository } from './attempts.repository.js';
import { ExecutionPlaces } from './execution-places.js';
import { ExecutionClaims } from './execution-claims.js';
import { EXECUTION_QUEUE, type AttemptEnd, type AttemptRecord } from './executions.types.js';

const BATCH = 100;

/** What time and crashes do to requests: they expire, fall due, or are found half done. */
@Injectable()
export class RecoveryService {
  constructor(
    private readonly store: RequestStore,
    private readonly attempts: AttemptsRepository,
    private readonly claims: ExecutionClaims,
    private readonly places: ExecutionPlaces,
    private readonly queue: Queue,
  ) {}

  /** Pending ones that nobody decided, approved ones that nobody ran. */
  async expire(now: Date): Promise<void> {
    const { requests, transactions, audit } = this.store;
    for (const record of await requests.listExpired(now, BATCH)) {
      await transactions.run(async () => {
        const reason =
          record.state === 'pending' ? 'Nobody decided in time.' : 'It was not executed in time.';
        const event = { actor: SYSTEM, at: now, kind: 'expired', details: { reason } };
        const done = await requests.transition(record.tenantId, record.id, {
          from: record.state,
          to: 'expired',
          reason,
          event,
        });
        if (done)
          await audit.record(systemActor(record.tenantId), 'request.expire', { object: objectOf(record) });
      });
    }
  }

  /** Hands scheduled requests over to the workers. */
  async sendDue(now: Date): Promise<void> {
    for (const { tenantId, id } of await this.store.requests.listDue(now, BATCH))
      await this.queue.send(EXECUTION_QUEUE, { tenantId, requestId: id });
  }

  /** Ends the attempts of processes that are gone, with what can be known of them. Never runs anything again. */
  async settleLost(now: Date): Promise<void> {
    for (const attempt of await this.attempts.listLost(now)) {
      const end = await this.fateOf(attempt);
      const record = await this.store.requests.find(attempt.tenantId, attempt.requestId);
      if (end !== null && record !== undefined) await this.claims.conclude(record, attempt.id, end, null);
    }
  }

  /** Null while its statement still runs on the server. */
  private async fateOf(attempt: AttemptRecord): Promise<AttemptEnd | null> {
    if (attempt.phase === 'claimed' || attempt.phase === 'connecting')
      return {
        ...NOTHING,
        outcome: 'failed',
        reason: 'interrupted: The process ended before anything was sent.',
      };
    const outcome = await this.places.outcomeOf(attempt);
    switch (outcome) {
      case 'running':
        return null;
      case 'committed':
        return {
          ...NOTHING,
          outcome: 'executed',
          reason: 'The process ended before it could read the result; the server says that it was committed.',
        };
      case 'aborted':
        return {
          ...NOTHING,
          outcome: 'failed',
          reason: 'interrupted: The process ended, and the server rolled everything back.',
        };
      case 'unknown':
        return { ...NOTHING, outcome: 'interrupted', reason: null };
    }
  }
}

const SYSTEM = { id: null, name: 'CloudDB Manager' };
const NOTHING = { affectedRows: null, durationMs: 0, results: [], effects: [] } as const;
