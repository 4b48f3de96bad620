import { Inject, Injectable } from '@nestjs/common';
import type { EngineProblem, RunEnd, RunLimits, Statement } from '../../../engines/engine.js';
import type { Actor } from '../../../platform/access/actor.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { AppError } from '../../../platform/errors/app-error.js';
import type { Collector, Ended } from '../batch.js';
import { RunsService } from '../runs.service.js';
import type { ExportFile } from './export-file.js';

export interface StatementSource {
  readonly databaseId: string;
  readonly sql: string;
}

/** Runs a statement to its end and sends the rows into a file, as a run like any other: judged, recorded, cancellable. */
@Injectable()
export class ExportRuns {
  constructor(
    private readonly runs: RunsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Resolves with the hash of the file once it is whole. Rejects when anything of it is missing. */
  async stream(
    actor: Actor,
    id: string,
    { databaseId, sql }: StatementSource,
    file: ExportFile,
    gone: AbortSignal,
  ): Promise<string> {
    const collector = new FileCollector(file, this.config.queries.export);
    const request = { databaseId, sql, runId: id, onlyRead: true };
    const { unread, outcomes } = await this.runs.runInto(() => collector, actor, request, gone);
    const [outcome] = outcomes;
    const problem = unread?.problem ?? outcome?.problem ?? null;
    if (problem !== null) throw failed(problem);
    if (typeof outcome?.hash === 'string') return outcome.hash;
    throw new AppError('invalid', 'time_limit', 'The export took longer than its time limit and was ended.');
  }
}

class FileCollector implements Collector<ExportFile> {
  constructor(
    private readonly file: ExportFile,
    private readonly limits: Pick<RunLimits, 'timeoutMs' | 'maxCellBytes'>,
  ) {}

  take(_: Statement, asked: RunLimits): { rows: ExportFile; limits: RunLimits } {
    const limits = { ...asked, ...this.limits, maxRows: Infinity, maxBytes: Infinity };
    return { rows: this.file, limits };
  }

  async settle({ rows, end, problem }: Ended<ExportFile>): Promise<{ end: RunEnd; hash: string | null }> {
    const whole = problem === null && end.stoppedBy === null;
    return { end, hash: whole ? await rows.end() : null };
  }
}

function failed({ code, message }: EngineProblem): AppError {
  const own = /^[a-z_]+$/.test(code);
  const extra = own ? {} : { serverCode: code };
  return new AppError('invalid', own ? code : 'statement_failed', message, { extra });
}
