import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { Clock } from '../../../platform/clock/clock.js';
import { AppError, notFound } from '../../../platform/errors/app-error.js';
import { Live } from '../../../platform/live/live.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { AuditService } from '../../audit/audit.service.js';
import { EXPORT_MOVED } from '../queries.events.js';
import type { ExportEnd, ExportStart, StoredExport } from './export.types.js';
import { ExportsRepository } from './exports.repository.js';

const KEPT_MS = 30 * 86_400_000;

/** What became of exports, for whoever waits for one, and in the audit log. */
@Injectable()
export class ExportJournal {
  constructor(
    private readonly exports: ExportsRepository,
    private readonly audit: AuditService,
    private readonly transactions: Transactions,
    readonly clock: Clock,
    private readonly live: Live,
  ) {}

  async begin(start: ExportStart): Promise<void> {
    if (await this.exports.insert(start)) this.moved(start.membershipId, start.id);
    else throw new AppError('conflict', 'export_exists', 'There already is an export with this id.');
  }

  /** How far it is; a courtesy, for which no export fails. */
  progress({ id, membershipId }: ExportStart, rows: number, bytes: number): void {
    this.exports.progress(id, rows, bytes, this.clock.now()).then(
      () => {
        this.moved(membershipId, id);
      },
      () => undefined,
    );
  }

  /** The end and its entry in the audit log, both or neither. */
  async finish(
    actor: Actor,
    start: ExportStart,
    end: ExportEnd,
    database: { id: string; name: string },
  ): Promise<void> {
    const { status, rows, bytes, hash: sha256, error } = end;
    const { id, runId: run, format, scope } = start;
    await this.transactions.run(async () => {
      await this.exports.finish(id, end, this.clock.now());
      await this.audit.record(actor, 'query.export', {
        object: { type: 'database', ...database },
        outcome: status === 'succeeded' ? 'done' : 'failed',
        details: { export: id, run, format, scope, rows, bytes, sha256, ...(error !== null && { error }) },
      });
      this.moved(start.membershipId, id);
    });
  }

  async get(actor: Actor, id: string): Promise<StoredExport> {
    const found = await this.exports.find(actor.tenantId, actor.membershipId, id);
    if (found === undefined) throw notFound('export');
    return found;
  }

  async prune(now: Date): Promise<void> {
    await this.exports.prune(new Date(now.getTime() - KEPT_MS));
  }

  private moved(membershipId: string, id: string): void {
    this.live.publish({ membershipId }, EXPORT_MOVED, { id });
  }
}
