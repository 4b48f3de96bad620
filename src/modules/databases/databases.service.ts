import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { AppError, notFound } from '../../platform/errors/app-error.js';
import { DatabaseCache, type CachedDatabase } from './database-cache.js';
import { DatabaseLifecycleService } from './database-lifecycle.service.js';
import { mayDo, mayWrite, reachOf, refuse, type Reach } from './databases.policy.js';
import { DatabasesRepository } from './databases.repository.js';
import type { AnyDatabase, DatabaseGrant, DatabaseRecord, RunTarget } from './databases.types.js';
import type { ExternalDatabase } from './external/external.types.js';
import { ExternalTargets, ruleFactsOf } from './external/external-targets.js';
import { ruleFor } from './external/statement-rules.policy.js';
import { SandboxesRepository } from './sandboxes.repository.js';

export interface VisibleDatabase<R extends AnyDatabase = AnyDatabase> {
  readonly record: R;
  readonly reach: Reach;
  /** The actor's statements may change something in it. */
  readonly writable: boolean;
  /** What the rules of a registered database say beside that; null for sandboxes. */
  readonly ruleFor: RunTarget['ruleFor'];
}

/** Databases as people see and use them. */
@Injectable()
export class DatabasesService {
  constructor(
    private readonly databases: DatabasesRepository,
    private readonly sandboxes: SandboxesRepository,
    private readonly lifecycle: DatabaseLifecycleService,
    private readonly cache: DatabaseCache,
    private readonly external: ExternalTargets,
  ) {}

  /** Every database the actor may see, made here or registered, deleted ones included. */
  async list(actor: Actor): Promise<VisibleDatabase[]> {
    const [made, registered, grants] = await Promise.all([
      this.databases.list(actor.tenantId),
      this.external.databases.list(actor.tenantId),
      this.databases.grants(actor.tenantId),
    ]);
    return [...made, ...registered]
      .map((record) => visible(actor, record, grants))
      .filter(({ reach }) => reach !== 'none')
      .sort((a, b) => a.record.name.localeCompare(b.record.name, 'en'));
  }

  /** Of those made here. */
  async getProvisioned(actor: Actor, id: string): Promise<VisibleDatabase<DatabaseRecord>> {
    return this.seen(actor, await this.databases.find(actor.tenantId, id));
  }

  /** Of those registered. */
  async getExternal(actor: Actor, id: string): Promise<VisibleDatabase<ExternalDatabase>> {
    return this.seen(actor, await this.external.databases.find(actor.tenantId, id));
  }

  async get(actor: Actor, id: string): Promise<VisibleDatabase> {
    const made = await this.databases.find(actor.tenantId, id);
    return this.seen(actor, made ?? (await this.external.databases.find(actor.tenantId, id)));
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
    const writable = mayWrite(actor, reach);
    const target = { ...factsOf(found), read, write: writable ? write : null, mayWrite: writable };
    if (record.origin === 'external') return { ...target, ruleFor: rulesOf(record), wokenInMs: null };
    refuse(mayDo('open', actor, record, reach));
    const wokenInMs = record.status === 'running' ? null : await this.wake(actor, id);
    return { ...target, ruleFor: null, wokenInMs };
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
    const found = await this.load(tenantId, id);
    const { record, read, write } = found;
    if (record.status !== 'running')
      throw new AppError(
        'conflict',
        'not_running',
        `The database ${record.name} is ${record.status}: start it first.`,
      );
    return { ...factsOf(found), read, write, mayWrite: true, ruleFor: null, wokenInMs: null };
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
    const grants = await this.databases.grants(tenantId, id);
    const entry = { ...(await this.open(tenantId, id)), grants, checkedAt: this.cache.clock.millis() };
    this.cache.keep(entry, generation);
    return entry;
  }

  private async open(
    tenantId: string,
    id: string,
  ): Promise<Pick<CachedDatabase, 'record' | 'read' | 'write'>> {
    const made = await this.databases.find(tenantId, id);
    if (made !== undefined) {
      const [read, write] = await Promise.all([
        this.sandboxes.target(made, 'read'),
        this.sandboxes.target(made, 'write'),
      ]);
      return { record: made, read, write };
    }
    const record = await this.external.databases.find(tenantId, id);
    if (record === undefined) throw notFound('database');
    return { record, ...(await this.external.targetsOf(record)) };
  }

  private async seen<R extends AnyDatabase>(
    actor: Actor,
    record: R | undefined,
  ): Promise<VisibleDatabase<R>> {
    if (record === undefined) throw notFound('database');
    const found = visible(actor, record, await this.databases.grants(actor.tenantId, record.id));
    if (found.reach === 'none') throw notFound('database');
    return found;
  }
}

function factsOf({
  record,
}: CachedDatabase): Pick<RunTarget, 'databaseId' | 'name' | 'engine' | 'environment'> {
  const { id: databaseId, name, engine } = record;
  return {
    databaseId,
    name,
    engine,
    environment: record.origin === 'external' ? record.environment : 'sandbox',
  };
}

function rulesOf(record: AnyDatabase): RunTarget['ruleFor'] {
  if (record.origin !== 'external') return null;
  const facts = ruleFactsOf(record);
  return (statement, role) => ruleFor(statement, role, facts);
}

function visible<R extends AnyDatabase>(
  actor: Actor,
  record: R,
  grants: readonly DatabaseGrant[],
): VisibleDatabase<R> {
  const reach = reachOf(actor, record, grants);
  return { record, reach, writable: mayWrite(actor, reach), ruleFor: rulesOf(record) };
}
