import { Inject, Injectable } from '@nestjs/common';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import { EngineError, type EngineSession, type RunLimits, type Statement } from '../../../engines/engine.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { jsonText } from '../../../platform/persistence/json-text.js';
import { DatabasesService } from '../../databases/databases.service.js';
import { sumOf } from '../requests/request-assessment.js';
import type { RequestRecord } from '../requests/requests.types.js';
import { ExecutionClaims, type Claim } from './execution-claims.js';
import type { AttemptEnd } from './executions.types.js';
import {
  EnvelopeError,
  guardedRun,
  refuseOtherEffect,
  type Envelope,
  type GuardedOutcome,
} from './guarded-run.js';

const compress = promisify(gzip);
/** Before and after images that are kept for an undo, over all statements. */
const IMAGE_ROWS = 10_000;
const IMAGE_BYTES = 16_000_000;

/** Carries out what was approved: exactly that, once, and says truthfully what came of it. */
@Injectable()
export class ExecutionsService {
  constructor(
    private readonly claims: ExecutionClaims,
    private readonly databases: DatabasesService,
    private readonly engines: EngineRegistry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Does nothing when the request is not there to be executed: it may be asked to twice. */
  async execute(tenantId: string, requestId: string): Promise<void> {
    const claim = await this.claims.claim(tenantId, requestId);
    if (claim === undefined) return;
    const beating = this.claims.keepAlive(claim);
    const began = performance.now();
    try {
      const end = await this.perform(claim);
      const images = end.effects.length === 0 ? null : await compress(jsonText(end.effects));
      await this.claims.finish(claim, { ...end, durationMs: performance.now() - began }, images);
    } finally {
      clearInterval(beating);
    }
  }

  private async perform(claim: Claim): Promise<AttemptEnd> {
    const progress = { sent: false, committing: false };
    try {
      const done = await this.carryOut(claim, progress);
      return { outcome: 'executed', reason: null, durationMs: 0, ...done };
    } catch (error) {
      return failureOf(error, progress);
    }
  }

  private async carryOut(claim: Claim, progress: Progress): Promise<GuardedOutcome> {
    const { record } = claim;
    await this.claims.enter(claim, 'connecting');
    const target = await this.databases.executionTarget(record.tenantId, record.databaseId);
    const driver = this.engines.get(target.engine);
    const { statements } = driver.analyse(record.text);
    await using session = await driver.open(target.write ?? target.read, 'write');
    const work = { session, statements, limits: this.limits(), signal: claim.signal };
    if (statements.every(({ transactional }) => transactional))
      return await this.inTransaction(claim, work, progress);
    await this.claims.enter(claim, 'started', { backendId: session.backendId });
    progress.sent = true;
    progress.committing = true; // every statement commits by itself
    return await guardedRun(work, envelopeOf(record));
  }

  private async inTransaction(claim: Claim, work: Work, progress: Progress): Promise<GuardedOutcome> {
    const { session } = work;
    const envelope = envelopeOf(claim.record);
    await session.begin({ snapshot: envelope.expected !== null });
    try {
      const token = await session.transactionToken?.();
      await this.claims.enter(claim, 'started', {
        backendId: session.backendId,
        ...(token !== undefined && { token }),
      });
      progress.sent = true;
      const done = await guardedRun(work, envelope);
      if (envelope.expected !== null) refuseOtherEffect(sumOf(done.effects), envelope);
      await this.claims.enter(claim, 'commit-sent');
      progress.committing = true;
      await session.commit();
      return done;
    } catch (error) {
      if (!progress.committing) await session.rollback().catch(() => undefined);
      throw error;
    }
  }

  private limits(): RunLimits {
    return {
      maxRows: IMAGE_ROWS,
      maxBytes: IMAGE_BYTES,
      maxCellBytes: IMAGE_BYTES,
      timeoutMs: this.config.queries.timeoutMs,
    };
  }
}

interface Work {
  readonly session: EngineSession;
  readonly statements: readonly Statement[];
  readonly limits: RunLimits;
  readonly signal: AbortSignal;
}

interface Progress {
  sent: boolean;
  committing: boolean;
}

function envelopeOf({ effect, tolerance, undoOf }: RequestRecord): Envelope {
  const bound = tolerance !== null && effect?.refusal === null;
  return {
    expected: bound ? { affectedRows: effect.affectedRows, digest: effect.digest } : null,
    tolerance: tolerance ?? 0,
    oneRowEach: undoOf !== null,
  };
}

const NOTHING = { affectedRows: null, durationMs: 0, results: [], effects: [] } as const;

/** A connection that broke after COMMIT was sent leaves the outcome unknown; what was not committed was rolled back. */
function failureOf(error: unknown, { committing }: Progress): AttemptEnd {
  if (error instanceof EnvelopeError)
    return { ...NOTHING, outcome: 'failed', reason: `${error.code}: ${error.message}` };
  if (!(error instanceof EngineError)) throw error;
  const { code, message } = error.problem;
  const unknown = committing && code === 'connection_lost';
  return {
    ...NOTHING,
    outcome: unknown ? 'interrupted' : 'failed',
    reason: unknown ? null : `${code}: ${message}`,
  };
}
