import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { AuditService } from '../audit/audit.service.js';
import { systemActor, type AuditActor } from '../audit/audit.types.js';
import { DatabaseCache } from './database-cache.js';
import type { DatabaseRecord } from './databases.types.js';

/** Records what is done to databases and tells every replica, in the transaction that does it. */
@Injectable()
export class DatabaseJournal {
  constructor(
    private readonly audit: AuditService,
    private readonly cache: DatabaseCache,
    readonly clock: Clock,
  ) {}

  async write(
    actor: AuditActor,
    action: string,
    { id, name }: Pick<DatabaseRecord, 'id' | 'name'>,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    await this.audit.record(actor, action, { object: { type: 'database', id, name }, details });
    await this.announce(id);
  }

  /** The platform's own note that what was asked for did not come to be. */
  async writeFailure({ tenantId, id, name }: DatabaseRecord, action: string): Promise<void> {
    const object = { type: 'database', id, name };
    await this.audit.record(systemActor(tenantId), action, { object, outcome: 'failed' });
  }

  async announce(id: string): Promise<void> {
    await this.cache.announceChange(id);
  }
}
