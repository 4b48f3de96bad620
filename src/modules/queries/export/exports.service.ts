import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import type { EngineKind } from '../../../engines/engine.js';
import type { Actor } from '../../../platform/access/actor.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { newId } from '../../../platform/persistence/ids.js';
import { DatabasesService } from '../../databases/databases.service.js';
import type { View } from '../results/result-reader.js';
import { ResultsService } from '../results/results.service.js';
import type { KeptResult } from '../results/results.types.js';
import { ExportFile } from './export-file.js';
import { ExportJournal } from './export-journal.js';
import { planFile, type FilePlan, type FileWishes } from './export-plan.js';
import { ExportRuns, type StatementSource } from './export-runs.js';
import type { ExportEnd, ExportScope, ExportStart } from './export.types.js';

/** A file on its way: what it is called, and its bytes as they come. */
export interface OutgoingFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly body: Readable;
}

interface Source {
  readonly database: { readonly id: string; readonly name: string };
  /** The run whose result it is; absent where the export's own run is. */
  readonly runId?: string;
  readonly scope: ExportScope;
}

/** Fills the file; resolves with its hash once it is whole. */
type Fill = (id: string, file: ExportFile) => Promise<string>;

/** Results as files. Whatever keeps one from being whole breaks it off, so that a short one is never taken for whole. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly runs: ExportRuns,
    private readonly results: ResultsService,
    private readonly journal: ExportJournal,
    private readonly databases: DatabasesService,
    private readonly engines: EngineRegistry,
  ) {}

  /** Everything that a statement reads, with a run of its own. */
  async exportStatement(
    actor: Actor,
    source: StatementSource,
    wishes: FileWishes,
    gone: AbortSignal,
  ): Promise<OutgoingFile> {
    const { record } = await this.databases.get(actor, source.databaseId);
    const database = { id: record.id, name: record.name };
    const plan = this.plan(wishes, record.engine, record.name, source.sql);
    const fill: Fill = async (id, file) => this.runs.stream(actor, id, source, file, gone);
    return this.send(actor, { database, scope: 'all' }, { ...plan, id: wishes.exportId ?? newId() }, fill);
  }

  /** A kept result: what is shown, what was read, or everything, for which its statement runs again. */
  async exportResult(
    actor: Actor,
    result: KeptResult,
    view: View,
    wishes: FileWishes & { readonly scope: ExportScope },
    gone: AbortSignal,
  ): Promise<OutgoingFile> {
    const { scope } = wishes;
    const { databaseId, databaseName, statement, runId } = result;
    if (scope === 'all') {
      if (!result.repeatable) throw notRepeatable();
      return this.exportStatement(actor, { databaseId, sql: statement }, wishes, gone);
    }
    const wanted = scope === 'read' ? { ...view, shown: result.read } : view;
    await this.results.requireWhole(result, wanted);
    const { record } = await this.databases.get(actor, databaseId);
    const plan = this.plan(wishes, record.engine, databaseName, statement);
    const source = { database: { id: databaseId, name: databaseName }, runId, scope };
    const fill: Fill = async (_, file) => this.pour(result, wanted, file);
    return this.send(actor, source, { ...plan, id: wishes.exportId ?? newId() }, fill);
  }

  private plan(wishes: FileWishes, engine: EngineKind, databaseName: string, sql: string): FilePlan {
    const [statement] = this.engines.get(engine).analyse(sql).statements;
    return planFile(wishes, { engine, databaseName, statement });
  }

  /** Answers as soon as there is something to send; what is wrong before that is an error like any other. */
  private async send(
    actor: Actor,
    { database, runId, scope }: Source,
    { id, format, fileName }: FilePlan & { id: string },
    fill: Fill,
  ): Promise<OutgoingFile> {
    const startedAt = this.journal.clock.now();
    const { tenantId, membershipId } = actor;
    const facts = { fileName, scope, startedAt, format: format.name };
    const start: ExportStart = { id, tenantId, membershipId, runId: runId ?? id, ...facts };
    await this.journal.begin(start);
    const file = new ExportFile(format, (rows, bytes) => {
      this.journal.progress(start, rows, bytes);
    });
    const filled = fill(id, file);
    const concluded = this.conclude(actor, start, file, filled, database);
    try {
      await Promise.race([file.begun, filled]);
    } catch (error) {
      await concluded;
      throw error;
    }
    return { fileName, contentType: format.contentType, body: file.body };
  }

  /** The file ends once its end is recorded; without a record it breaks off. */
  private async conclude(
    actor: Actor,
    start: ExportStart,
    file: ExportFile,
    filled: Promise<string>,
    database: Source['database'],
  ): Promise<void> {
    const end = await filled
      .then((hash) => endOf(file, hash, null))
      .catch((error: unknown) => endOf(file, null, error));
    try {
      await this.journal.finish(actor, start, end, database);
      if (end.status === 'succeeded') file.body.finish();
      else file.body.destroy(new Error(end.error ?? end.status));
    } catch (error) {
      file.body.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private async pour(result: KeptResult, view: View, file: ExportFile): Promise<string> {
    file.columns(result.columns);
    for await (const row of this.results.rows(result, view)) {
      await file.row(row);
      if (file.body.destroyed) throw new AppError('invalid', 'cancelled', 'Whoever asked for it has left.');
    }
    return file.end();
  }
}

function endOf(file: ExportFile, hash: string | null, error: unknown): ExportEnd {
  const { rowCount: rows, bytes, defused } = file;
  if (hash !== null) return { status: 'succeeded', rows, bytes, defused, hash, error: null };
  const known = error instanceof AppError;
  const status = known && error.code === 'cancelled' ? 'cancelled' : 'failed';
  const message = known ? error.message : 'It failed on our side.';
  return { status, rows, bytes, defused, hash, error: message };
}

function notRepeatable(): AppError {
  return new AppError(
    'invalid',
    'not_repeatable',
    'This statement cannot simply run again: it writes, or its batch set something for the session before it.',
  );
}
