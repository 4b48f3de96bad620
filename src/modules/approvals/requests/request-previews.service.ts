import { Inject, Injectable } from '@nestjs/common';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import type { StatementEffect } from '../../../engines/effects.js';
import { EngineError, type EngineSession, type ResultSink, type RunLimits } from '../../../engines/engine.js';
import type { Actor } from '../../../platform/access/actor.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { DatabasesService } from '../../databases/databases.service.js';
import { riskOf, sumOf } from './request-assessment.js';
import { RequestsService, RequestStore } from './requests.service.js';
import type { EffectPreview, RequestRecord } from './requests.types.js';

/** A preview gives way to whoever works on the table. */
const LOCK_TIMEOUT_MS = 2000;
/** Rows that are kept for people to look at, and the bytes of all their cells. */
export const SHOWN_ROWS = 200;
const SHOWN_BYTES = 1_000_000;

/** Runs a request in a transaction that is always rolled back, and keeps what would change. */
@Injectable()
export class RequestPreviewsService {
  constructor(
    private readonly requests: RequestsService,
    private readonly store: RequestStore,
    private readonly databases: DatabasesService,
    private readonly engines: EngineRegistry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async preview(actor: Actor, id: string, signal: AbortSignal): Promise<RequestRecord> {
    const record = await this.requests.change(actor, id, 'preview', async () => Promise.resolve());
    const effect = await this.effectOf(record, signal);
    return this.store.transactions.run(async () => {
      await this.store.requests.keepEffect(record, effect);
      const details = { affectedRows: effect.affectedRows, refusal: effect.refusal };
      const event = { actor: { id: actor.membershipId, name: actor.name }, at: this.store.clock.now() };
      await this.store.requests.note(record.id, { ...event, kind: 'previewed', details });
      if (record.state === 'pending')
        await this.store.requests.update(record.tenantId, id, { risk: riskOf(record.analysis, effect) });
      return (await this.store.requests.find(record.tenantId, id)) ?? record;
    });
  }

  private async effectOf(record: RequestRecord, signal: AbortSignal): Promise<EffectPreview> {
    const at = this.store.clock.now().toISOString();
    const blocked = refusalOf(record);
    if (blocked !== null) return { ...NOTHING, at, refusal: blocked };
    try {
      const statements = await this.tryOut(record, signal);
      return { at, statements, ...sumOf(statements), refusal: null };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return { ...NOTHING, at, refusal: error.problem.message };
    }
  }

  private async tryOut(record: RequestRecord, signal: AbortSignal): Promise<StatementEffect[]> {
    const target = await this.databases.executionTarget(record.tenantId, record.databaseId);
    const driver = this.engines.get(target.engine);
    await using session = await driver.open(target.write ?? target.read, 'write');
    await session.begin({ snapshot: true, lockTimeoutMs: LOCK_TIMEOUT_MS });
    try {
      const effects: StatementEffect[] = [];
      for (const statement of driver.analyse(record.text).statements)
        effects.push(await capture(session, statement, { limits: this.limits(), signal, unapproved: true }));
      return effects;
    } finally {
      await session.rollback();
    }
  }

  private limits(): RunLimits {
    const { timeoutMs, maxCellBytes } = this.config.queries;
    return { maxRows: SHOWN_ROWS, maxBytes: SHOWN_BYTES, maxCellBytes, timeoutMs };
  }
}

const NOTHING = { statements: [], affectedRows: 0, digest: '', refusal: null } as const;
const IGNORED: ResultSink = { columns: () => undefined, row: () => undefined };

/** Captures the effect of one statement; engines that cannot say so with `effect_unknown`. */
export async function capture(
  session: EngineSession,
  statement: Parameters<NonNullable<EngineSession['runCaptured']>>[0],
  options: { limits: RunLimits; signal: AbortSignal; unapproved: boolean; sink?: ResultSink },
): Promise<StatementEffect> {
  if (session.runCaptured === undefined) {
    const message = 'This engine cannot show an effect before it happens.';
    throw new EngineError({ code: 'effect_unknown', message, position: null, hint: null, detail: null });
  }
  return session.runCaptured(statement, { sink: IGNORED, ...options });
}

/** Why there can be no preview, in words; null when there can. */
function refusalOf({ analysis }: RequestRecord): string | null {
  const outside = analysis.find(({ transactional }) => !transactional);
  if (outside !== undefined) return `${outside.verb} runs outside of a transaction and cannot be taken back.`;
  const other = analysis.find(({ class: kind }) => kind !== 'dml');
  return other === undefined ? null : `${other.verb} changes no rows that could be shown before and after.`;
}
