import { Inject, Injectable } from '@nestjs/common';
import type { RunEnd, RunLimits, Statement } from '../../../engines/engine.js';
import { Blobs } from '../../../platform/blobs/blobs.js';
import { Clock } from '../../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import type { Collector, Ended } from '../batch.js';
import type { RunStart } from '../queries.types.js';
import { KeptRows } from './kept-rows.js';
import { ResultsRepository } from './results.repository.js';
import type { NewResult } from './results.types.js';

const HOUR_MS = 3_600_000;

/** Keeps the results of a run for a while, within the quotas of the run, the person and the tenant. */
@Injectable()
export class ResultKeeper {
  constructor(
    private readonly blobs: Blobs,
    private readonly results: ResultsRepository,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** What takes the rows of one run. */
  collector(start: RunStart): Collector<KeptRows> {
    return new KeepingCollector(start, this);
  }

  get limits(): Config['queries']['keep'] {
    return this.config.queries.keep;
  }

  rowsFor(start: RunStart, asked: RunLimits): KeptRows {
    const { aheadMs, hours } = this.limits;
    return new KeptRows(this.blobs.write(ownerOf(start), hours * HOUR_MS), { ...asked, aheadMs });
  }

  /** Stores a result, and lets the person's and the tenant's oldest go where there is too much. */
  async keep(start: RunStart, result: Omit<NewResult, 'createdAt' | 'expiresAt'>): Promise<void> {
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + this.limits.hours * HOUR_MS);
    await this.results.insert({ ...result, createdAt, expiresAt });
    const quota = { ownerBytes: this.limits.userBytes, tenantBytes: this.limits.tenantBytes };
    await this.blobs.makeRoom(ownerOf(start), quota, result.blobId);
  }
}

class KeepingCollector implements Collector<KeptRows> {
  private number = -1;
  private shownBytes = 0;
  private aheadBytes = 0;

  constructor(
    private readonly start: RunStart,
    private readonly keeper: ResultKeeper,
  ) {}

  /** What is read ahead for one statement never takes away what another one shows. */
  take(_: Statement, asked: RunLimits): { rows: KeptRows; limits: RunLimits } {
    this.number += 1;
    const { rows, bytes, cellBytes } = this.keeper.limits;
    const maxBytes = Math.max(1, asked.maxBytes - this.shownBytes);
    const ahead = Math.max(0, bytes - asked.maxBytes - this.aheadBytes);
    return {
      rows: this.keeper.rowsFor(this.start, { ...asked, maxBytes }),
      limits: {
        ...asked,
        maxRows: Math.max(asked.maxRows, rows),
        maxBytes: maxBytes + ahead,
        maxCellBytes: Math.max(asked.maxCellBytes, cellBytes),
      },
    };
  }

  async settle({
    rows,
    end,
    statement,
    problem,
  }: Ended<KeptRows>): Promise<{ end: RunEnd; hash: string | null }> {
    const hash = await rows.end();
    if (rows.columnList.length === 0) return { end, hash: null };
    rows.complete = problem === null && end.stoppedBy === null;
    this.shownBytes += rows.shownBytes;
    this.aheadBytes += rows.bytes - rows.shownBytes;
    const { shown, rowCount: read, columnList: columns, blobId } = rows;
    const stoppedBy = shown < read ? rows.shownStop : end.stoppedBy;
    const { id: runId, tenantId, membershipId } = this.start;
    const { affectedRows, durationMs, notices } = end;
    await this.keeper.keep(this.start, {
      ...{ runId, number: this.number, tenantId, membershipId, statement: statement.text },
      ...{ class: statement.class, columns, blobId, shown, read, stoppedBy, hash },
      ...{ affectedRows, durationMs, notices, problem },
      complete: rows.complete,
    });
    return { end: { ...end, rowCount: shown, stoppedBy }, hash };
  }
}

function ownerOf({ tenantId, membershipId }: RunStart): { tenantId: string; ownerId: string } {
  return { tenantId, ownerId: membershipId };
}
