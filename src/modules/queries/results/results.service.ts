import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { Clock } from '../../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { AppError, notFound } from '../../../platform/errors/app-error.js';
import type { Row } from '../../../engines/engine.js';
import { JsonRows } from '../../../engines/json-rows.js';
import { DatabasesService } from '../../databases/databases.service.js';
import { cutRow } from './cut-row.js';
import type { ResultName } from './result-name.js';
import { ResultReader, type View } from './result-reader.js';
import { ResultsRepository } from './results.repository.js';
import { PART_ROWS, type KeptResult } from './results.types.js';

/** Some rows of a kept result. */
export interface Part {
  readonly from: number;
  /** Rows of the whole view. */
  readonly total: number;
  readonly rows: JsonRows;
  /** Their numbers among the kept rows. */
  readonly records: readonly number[];
}

/** Kept results. Whose they are not gets the same answer as for one that does not exist. */
@Injectable()
export class ResultsService {
  constructor(
    private readonly results: ResultsRepository,
    private readonly reader: ResultReader,
    private readonly databases: DatabasesService,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Throws 404 for a result of somebody else, and for one of a database that the person may not see any more. */
  async get(actor: Actor, name: ResultName): Promise<KeptResult> {
    const found = await this.results.find(actor.tenantId, actor.membershipId, name, this.clock.now());
    if (found === undefined) throw notFound('result');
    await this.databases.get(actor, found.databaseId);
    return found;
  }

  /** What is left of the results of a run, each with its first rows. */
  async listOfRun(actor: Actor, runId: string): Promise<{ result: KeptResult; part: Part }[]> {
    const { tenantId, membershipId } = actor;
    const found = await this.results.listOfRun(tenantId, membershipId, runId, this.clock.now());
    const first = found[0];
    if (first === undefined) return [];
    await this.databases.get(actor, first.databaseId);
    const parts = await Promise.all(found.map(async (result) => this.firstPart(result)));
    return found.flatMap((result, index) => (parts[index] ? [{ result, part: parts[index] }] : []));
  }

  /** The part of a view that begins at `from`. */
  async part(result: KeptResult, view: View, from: number): Promise<Part> {
    const rows = new JsonRows();
    const records: number[] = [];
    rows.columns(result.columns);
    const total = await this.reader.count(result, view);
    const { maxCellBytes } = this.config.queries;
    for await (const { row, record } of this.reader.rows(result, view, from, from + PART_ROWS)) {
      rows.row(cutRow(row, maxCellBytes));
      records.push(record);
    }
    return { from, total, rows, records };
  }

  /** The rows of a view in its order, as they are kept; each is valid only until the next one. */
  async *rows(result: KeptResult, view: View): AsyncGenerator<Row> {
    for await (const { row } of this.reader.rows(result, view, 0, view.shown)) yield row;
  }

  /** Throws where only the beginning of a value is kept: a file would have it in the place of the value. */
  async requireWhole(result: KeptResult, view: View): Promise<void> {
    for await (const row of this.rows(result, view)) {
      for (let index = 0; index < row.length; index += 1) {
        if (row.size(index) > (row.bytes(index)?.length ?? 0))
          throw cutValue(result.columns[index]?.name ?? '');
      }
    }
  }

  /** Null where the rows had to make room for others. */
  private async firstPart(result: KeptResult): Promise<Part | null> {
    try {
      return await this.part(result, { shown: result.shown, sort: null, filter: null }, 0);
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not-found') return null;
      throw error;
    }
  }

  /** One row as it was read. Throws 404 for one that is not kept. */
  async row(result: KeptResult, record: number): Promise<Row> {
    const row = await this.reader.find(result, record);
    if (row === undefined) throw notFound('row');
    return row;
  }

  async prune(now: Date): Promise<void> {
    await this.results.prune(now);
  }
}

function cutValue(column: string): AppError {
  return new AppError(
    'invalid',
    'value_cut',
    `Of a value in the column ${column} only the beginning is kept. An export of everything has the whole value.`,
  );
}
