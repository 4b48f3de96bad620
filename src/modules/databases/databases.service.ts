import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { AppError, notFound } from '../../platform/errors/app-error.js';
import { DatabaseCache, type CachedDatabase } from './database-cache.js';
import { DatabaseLifecycleService } from './database-lifecycle.service.js';
import { mayDo, mayWrite, reachOf, refuse, type Reach } from './databases.policy.js';
import { DatabasesRepository } from './databases.repository.js';
import type { DatabaseGrant, DatabaseRecord, RunTarget } from './databases.types.js';
import { SandboxesRepository } from './sandboxes.repository.js';

export interface VisibleDatabase {
  readonly record: DatabaseRecord;
  readonly reach: Reach;
  /** The actor's statements may change something in it. */
  readonly writable: boolean;
}

/** Databases as people see and use them. */
@Injectable()
export class DatabasesService {
  constructor(
    private readonly databases: DatabasesRepository,
    private readonly sandboxes: SandboxesRepository,
    private readonly lifecycle: DatabaseLifecycleService,
    private readonly cache: DatabaseCache,
  ) {}

  /** Every database the actor may see, deleted ones included. */
  async list(actor: Actor): Promise<VisibleDatabase[]> {
    const [records, grants] = await Promise.all([
      this.databases.list(actor.tenantId),
      this.databases.grants(actor.tenantId),
    ]);
    return records.map((record) => visible(actor, record, grants)).filter(({ reach }) => reach !== 'none');
  }

  async get(actor: Actor, id: string): Promise<VisibleDatabase> {
    const record = await this.databases.find(actor.tenantId, id);
    if (record === undefined) throw notFound('database');
    const found = visible(actor, record, await this.databases.grants(actor.tenantId, id));
    if (found.reach === 'none') throw notFound('database');
    return found;
  }

  /** Names by id, of deleted ones too; ids of other tenants are absent. */
  async namesOf(tenantId: string, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = ids.length === 0 ? [] : await this.databases.names(tenantId, [...new Set(ids)]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** Who was given something beyond owner and administrators, with names. */
  async listGrants(actor: Actor, id: string): Promise<readonly DatabaseGrant[]> {
    return this.databases.grants(actor.tenantId, id);
  }

  /** Where a run of this actor goes; starts a stopped database. Throws 404 for what the actor cannot see. */
  async runTarget(actor: Actor, id: string): Promise<RunTarget> {
    const found = await this.load(actor.tenantId, id);
    const { record, read, write } = found;
    const reach = reachOf(actor, record, found.grants);
    if (reach === 'none') throw notFound('database');
    refuse(mayDo('open', actor, record, reach));
    const wokenInMs = record.status === 'running' ? null : await this.wake(actor, id);
    const { name, engine } = record;
    return {
      databaseId: id,
      name,
      engine,
      environment: 'sandbox',
      read,
      write: mayWrite(actor, reach) ? write : null,
      wokenInMs,
    };
  }

  /** The same without waking anybody up: null while the database does not run. */
  async targetIfRunning(actor: Actor, id: string): Promise<RunTarget | null> {
    const { record } = await this.get(actor, id);
    return record.status === 'running' ? this.runTarget(actor, id) : null;
  }

  /**
   * Where the product itself carries out what people decided, with the login that may write, whoever asked for it.
   * A database that does not run is a conflict: it is not woken.
   */
  async executionTarget(tenantId: string, id: string): Promise<RunTarget> {
    const { record, read, write } = await this.load(tenantId, id);
    if (record.status !== 'running')
      throw new AppError(
        'conflict',
        'not_running',
        `The database ${record.name} is ${record.status}: start it first.`,
      );
    const { name, engine } = record;
    return { databaseId: id, name, engine, environment: 'sandbox', read, write, wokenInMs: null };
  }

  /** Somebody used the database now; stored a little later. */
  used(id: string): void {
    this.cache.used(id);
  }

  private async wake(actor: Actor, id: string): Promise<number> {
    const started = performance.now();
    await this.lifecycle.wake(actor, id);
    return performance.now() - started;
  }

  private async load(tenantId: string, id: string): Promise<CachedDatabase> {
    const known = this.cache.find(id);
    if (known?.record.tenantId === tenantId) return known;
    const { generation } = this.cache;
    const record = await this.databases.find(tenantId, id);
    if (record === undefined) throw notFound('database');
    const [grants, read, write] = await Promise.all([
      this.databases.grants(tenantId, id),
      this.sandboxes.target(record, 'read'),
      this.sandboxes.target(record, 'write'),
    ]);
    const entry = { record, grants, read, write, checkedAt: this.cache.clock.millis() };
    this.cache.keep(entry, generation);
    return entry;
  }
}

function visible(actor: Actor, record: DatabaseRecord, grants: readonly DatabaseGrant[]): VisibleDatabase {
  const reach = reachOf(actor, record, grants);
  return { record, reach, writable: mayWrite(actor, reach) };
}
