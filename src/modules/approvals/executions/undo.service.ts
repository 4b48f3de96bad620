import { Injectable } from '@nestjs/common';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import type { StatementEffect } from '../../../engines/effects.js';
import { EngineError } from '../../../engines/engine.js';
import type { Actor } from '../../../platform/access/actor.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { DatabasesService } from '../../databases/databases.service.js';
import { RequestsService } from '../requests/requests.service.js';
import type { RequestRecord } from '../requests/requests.types.js';
import { AttemptsRepository } from './attempts.repository.js';

const expand = promisify(gunzip);

/** Turns what an execution changed into a request that takes it back. */
@Injectable()
export class UndoService {
  constructor(
    private readonly requests: RequestsService,
    private readonly attempts: AttemptsRepository,
    private readonly databases: DatabasesService,
    private readonly engines: EngineRegistry,
  ) {}

  /** A request of its own: taking something back is a change like any other. */
  async request(actor: Actor, id: string, reason: string): Promise<RequestRecord> {
    const record = await this.requests.change(actor, id, 'undo', async () => Promise.resolve());
    const text = await this.textFor(record);
    const { databaseId, podId, number, title } = record;
    const input = {
      ...{ databaseId, podId, text, reason },
      title: `Undo #${String(number)} ${title}`.slice(0, 200),
      run: 'on_approval',
      scheduledFor: null,
      windowFrom: null,
      windowUntil: null,
    } as const;
    return this.requests.submit(actor, input, record.id);
  }

  private async textFor(record: RequestRecord): Promise<string> {
    const images = await this.attempts.imagesOf(record.id);
    if (images === undefined) throw impossible('What it changed was not recorded row by row.');
    const effects = JSON.parse((await expand(images)).toString('utf8')) as StatementEffect[];
    if (effects.length < record.analysis.length)
      throw impossible('Not every statement of it changed rows that were recorded.');
    const touched = effects.flatMap((effect) => effect.touched.map(({ table }) => table));
    if (touched.length > 0)
      throw impossible(
        `Triggers or cascades also changed ${[...new Set(touched)].join(', ')}, which only their own rows could tell.`,
      );
    const steps = await this.stepsFor(record, effects);
    if (steps.length === 0) throw impossible('It changed no rows.');
    return steps.map((text) => `${text};`).join('\n');
  }

  private async stepsFor(record: RequestRecord, effects: readonly StatementEffect[]): Promise<string[]> {
    const { engine } = await this.databases.executionTarget(record.tenantId, record.databaseId);
    const driver = this.engines.get(engine);
    if (driver.undo === undefined) throw impossible('This engine cannot take changes back.');
    try {
      return effects
        .toReversed()
        .flatMap(({ tables }) => tables.toReversed())
        .flatMap((table) => driver.undo?.(table) ?? [])
        .map(({ text }) => text);
    } catch (error) {
      if (error instanceof EngineError) throw impossible(error.problem.message);
      throw error;
    }
  }
}

function impossible(why: string): AppError {
  return new AppError('conflict', 'undo_impossible', `This cannot be taken back: ${why}`);
}
