import { Injectable } from '@nestjs/common';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import { DatabasesService } from '../../databases/databases.service.js';
import { RequestStore } from '../requests/requests.service.js';
import type { AttemptRecord } from './executions.types.js';

/** Asks the server on which an attempt ran what became of its transaction. */
@Injectable()
export class ExecutionPlaces {
  constructor(
    private readonly store: RequestStore,
    private readonly databases: DatabasesService,
    private readonly engines: EngineRegistry,
  ) {}

  async outcomeOf({
    tenantId,
    requestId,
    token,
    backendId,
  }: AttemptRecord): Promise<'committed' | 'aborted' | 'running' | 'unknown'> {
    const record = await this.store.requests.find(tenantId, requestId);
    if (record === undefined) return 'unknown';
    const target = await this.databases.executionTarget(tenantId, record.databaseId);
    const driver = this.engines.get(target.engine);
    const login = target.write ?? target.read;
    const outcome = token === null ? 'unknown' : ((await driver.outcome?.(login, token)) ?? 'unknown');
    // Nobody waits for it any more: what still runs is ended, and its fate is read the next time.
    if (outcome === 'running' && backendId !== null) await driver.cancel(login, backendId);
    return outcome;
  }
}
