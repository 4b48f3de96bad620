import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Live } from '../../platform/live/live.js';
import { AuditService } from '../audit/audit.service.js';
import { systemActor, type AuditActor } from '../audit/audit.types.js';
import { DatabaseCache } from './database-cache.js';
import { DATABASE_CHANGED } from './databases.events.js';
import type { AnyDatabase, DatabaseRecord } from './databases.types.js';

/** Records what is done to databases and tells every replica and browser, in the transaction that does it. */
@Injectable()
export class DatabaseJournal {
  constructor(
    private readonly audit: AuditService,
    private readonly cache: DatabaseCache,
    private readonly live: Live,
    readonly clock: Clock,
  ) {}

  async write(
    actor: AuditActor,
    action: string,
    database: Pick<DatabaseRecord, 'id' | 'tenantId' | 'name'>,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const { id, name } = database;
    await this.audit.record(actor, action, { object: { type: 'database', id, name }, details });
    await this.announce(database);
  }

  /** A connection was tried, registered or not; nothing changes by that. */
  async recordCheck(
    actor: AuditActor,
    database: Pick<AnyDatabase, 'id' | 'name'> | null,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.audit.record(actor, 'connection.test', {
      ...(database !== null && { object: { type: 'database', id: database.id, name: database.name } }),
      outcome: 'code' in details ? 'failed' : 'done',
      details,
    });
  }

  /** The platform's own note that what was asked for did not come to be. */
  async writeFailure({ tenantId, id, name }: DatabaseRecord, action: string): Promise<void> {
    const object = { type: 'database', id, name };
    await this.audit.record(systemActor(tenantId), action, { object, outcome: 'failed' });
  }

  async announce({ id, tenantId }: Pick<DatabaseRecord, 'id' | 'tenantId'>): Promise<void> {
    this.live.publish({ tenantId }, DATABASE_CHANGED, { id });
    await this.cache.announceChange(id);
  }
}
