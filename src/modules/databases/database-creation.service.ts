import { Inject, Injectable } from '@nestjs/common';
import type { Encoding, SandboxTemplate } from '../../engines/provisioning.js';
import type { Actor } from '../../platform/access/actor.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { AppError, notFound } from '../../platform/errors/app-error.js';
import { newId } from '../../platform/persistence/ids.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { TenantsService } from '../tenants/tenants.service.js';
import type { Quota } from '../tenants/tenants.types.js';
import { DatabaseJournal } from './database-journal.js';
import { DatabaseLifecycleService } from './database-lifecycle.service.js';
import { mayDo, reachOf, refuse } from './databases.policy.js';
import { DatabasesRepository } from './databases.repository.js';
import { ENGINE_NAMES, type DatabaseRecord, type SandboxEngine } from './databases.types.js';
import { SandboxesRepository } from './sandboxes.repository.js';
import { SandboxServersService } from './sandbox-servers.service.js';

const CONNECTION_LIMIT = 20;

export interface NewDatabase {
  readonly name: string;
  readonly engine: SandboxEngine;
  readonly template: SandboxTemplate;
  /** Absent: the server with most room. */
  readonly serverId?: string | undefined;
  readonly characterSet?: string | undefined;
  readonly collation?: string | undefined;
}

export interface DatabaseSettings {
  /** 0 means never. */
  readonly autoStopMinutes?: number | undefined;
  readonly protected?: boolean | undefined;
}

export interface QuotaState {
  readonly quota: Quota;
  readonly databases: number;
  readonly storageBytes: number;
}

/** Where a new database goes, and what it counts against. */
@Injectable()
export class DatabasePlaces {
  constructor(
    readonly tenants: TenantsService,
    readonly sandboxes: SandboxesRepository,
    private readonly servers: SandboxServersService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async choose(engine: SandboxEngine, serverId?: string): Promise<{ id: string }> {
    return this.servers.choose(engine, serverId);
  }

  /** What was asked for, or the usual one of the character set; null where the engine leaves no choice. */
  encodingFor({ engine, characterSet, collation }: NewDatabase): Encoding | null {
    const offered = this.servers.encodingsOf(engine);
    if (characterSet === undefined && collation === undefined) return offered[0] ?? null;
    const found = offered.find(
      (one) =>
        (characterSet === undefined || one.characterSet === characterSet) &&
        (collation === undefined || one.collation === collation),
    );
    if (found !== undefined) return found;
    const message = `is none that ${ENGINE_NAMES[engine]} offers here`;
    const fields = collation === undefined ? { characterSet: message } : { collation: message };
    throw new AppError('invalid', 'invalid_input', 'There is no such encoding for this engine.', { fields });
  }

  /** Null when new databases are not stopped for idleness. */
  get autoStopMinutes(): number | null {
    return this.config.autoStopMinutes === 0 ? null : this.config.autoStopMinutes;
  }
}

/** New databases: from a template, as a clone, out of the bin, or with new passwords. */
@Injectable()
export class DatabaseCreationService {
  constructor(
    private readonly databases: DatabasesRepository,
    private readonly places: DatabasePlaces,
    private readonly lifecycle: DatabaseLifecycleService,
    private readonly journal: DatabaseJournal,
    private readonly transactions: Transactions,
  ) {}

  async quotaState(actor: Actor): Promise<QuotaState> {
    const quota = await this.places.tenants.quotaOf(actor.tenantId);
    return { quota, ...(await this.databases.usage(actor.tenantId)) };
  }

  encodingFor(wanted: NewDatabase): Encoding | null {
    return this.places.encodingFor(wanted);
  }

  /** Minutes without use after which a new database is stopped; null for never. */
  get autoStopMinutes(): number | null {
    return this.places.autoStopMinutes;
  }

  async configure(actor: Actor, id: string, settings: DatabaseSettings): Promise<void> {
    await this.transactions.run(async () => {
      const found = await this.lockForAct(actor, id, 'configure');
      const { autoStopMinutes: minutes } = settings;
      await this.databases.update(actor.tenantId, id, {
        protected: settings.protected ?? found.protected,
        autoStopMinutes: minutes === undefined ? found.autoStopMinutes : minutes === 0 ? null : minutes,
      });
      await this.journal.write(actor, 'database.configure', found, { ...settings });
    });
  }

  /** Throws `name_taken` or `quota_exceeded`; asks without locking, to say so before anything is confirmed. */
  async check(actor: Actor, name: string): Promise<void> {
    const state = await this.quotaState(actor);
    await this.refuseUnlessFree(actor.tenantId, name, state.quota);
  }

  async create(actor: Actor, wanted: NewDatabase): Promise<DatabaseRecord> {
    const { name, engine, template } = wanted;
    const encoding = this.places.encodingFor(wanted);
    const { id: serverId } = await this.places.choose(engine, wanted.serverId);
    const record = this.draft(actor, {
      name,
      engine,
      template,
      sourceId: null,
      serverId,
      ...columnsOf(encoding),
    });
    await this.transactions.run(async () => this.reserve(actor, record, { engine, template }));
    return this.provision(record);
  }

  async clone(actor: Actor, sourceId: string, name: string): Promise<DatabaseRecord> {
    const source = await this.databases.find(actor.tenantId, sourceId);
    if (source === undefined) throw notFound('database');
    const reach = reachOf(actor, source, await this.databases.grants(actor.tenantId, sourceId));
    if (reach === 'none') throw notFound('database');
    refuse(mayDo('clone', actor, source, reach));
    const { engine, template, serverId, characterSet, textCollation } = source;
    const record = this.draft(actor, {
      name,
      engine,
      template,
      sourceId,
      serverId,
      characterSet,
      textCollation,
    });
    await this.transactions.run(async () => this.reserve(actor, record, { source: source.name }));
    return this.provision(record);
  }

  async retry(actor: Actor, id: string): Promise<DatabaseRecord> {
    const record = await this.transactions.run(async () => {
      const found = await this.lockForAct(actor, id, 'retry');
      const changes = {
        status: 'provisioning',
        statusReason: null,
        statusSince: this.journal.clock.now(),
      } as const;
      await this.databases.update(actor.tenantId, id, changes);
      await this.journal.write(actor, 'database.retry', found);
      return { ...found, ...changes };
    });
    return this.provision(record);
  }

  /** Brings a deleted database back, if its name is still free and the quota allows it. */
  async restore(actor: Actor, id: string): Promise<DatabaseRecord> {
    const record = await this.transactions.run(async () => {
      const quota = await this.places.tenants.lockQuota(actor.tenantId);
      const found = await this.lockForAct(actor, id, 'restore');
      await this.refuseUnlessFree(actor.tenantId, found.name, quota);
      const statusSince = this.journal.clock.now();
      const changes = { status: 'starting', statusSince, deletedAt: null, purgeAt: null } as const;
      await this.databases.update(actor.tenantId, id, changes);
      await this.journal.write(actor, 'database.restore', found);
      return { ...found, ...changes };
    });
    return this.lifecycle.resume(record);
  }

  /** New passwords for both logins; whoever is connected is cut off. */
  async rotate(actor: Actor, id: string): Promise<DatabaseRecord> {
    const { before, after } = await this.transactions.run(async () => {
      const found = await this.lockForAct(actor, id, 'rotate');
      const passwords = this.places.sandboxes.newPasswords(id);
      await this.databases.update(actor.tenantId, id, passwords);
      await this.journal.write(actor, 'database.rotate', found);
      return { before: found, after: { ...found, ...passwords } };
    });
    try {
      await this.places.sandboxes.rotate(before, after);
    } catch (cause) {
      // The reconciler brings the server to what is stored; whoever waits need not wait for it.
      const text = 'The server has not taken the new passwords yet. Try again.';
      throw new AppError('unavailable', 'sandbox_failed', text, { cause });
    }
    await this.journal.announce(after);
    return after;
  }

  private async provision(record: DatabaseRecord): Promise<DatabaseRecord> {
    return this.lifecycle.resume(record);
  }

  private async lockForAct(
    actor: Actor,
    id: string,
    act: 'retry' | 'restore' | 'rotate' | 'configure',
  ): Promise<DatabaseRecord> {
    const record = await this.databases.findForUpdate(actor.tenantId, id);
    if (record === undefined) throw notFound('database');
    const reach = reachOf(actor, record, await this.databases.grants(actor.tenantId, id));
    if (reach === 'none') throw notFound('database');
    refuse(mayDo(act, actor, record, reach));
    return record;
  }

  /** Counts and inserts with the tenant's quota locked: of two that take the last place one gets it. */
  private async reserve(
    actor: Actor,
    record: DatabaseRecord,
    details: Record<string, unknown>,
  ): Promise<void> {
    const quota = await this.places.tenants.lockQuota(actor.tenantId);
    await this.refuseUnlessFree(actor.tenantId, record.name, quota);
    await this.databases.insert(record);
    await this.journal.write(
      actor,
      record.sourceId === null ? 'database.create' : 'database.clone',
      record,
      details,
    );
  }

  private async refuseUnlessFree(tenantId: string, name: string, quota: Quota): Promise<void> {
    if (await this.databases.nameTaken(tenantId, name)) {
      throw new AppError('conflict', 'name_taken', 'There already is a database with this name.', {
        fields: { name: 'is taken: choose another one' },
      });
    }
    const { databases } = await this.databases.usage(tenantId);
    if (databases >= quota.maxDatabases) {
      throw new AppError(
        'conflict',
        'quota_exceeded',
        `All ${String(quota.maxDatabases)} databases of your plan are in use. Delete one first: that frees its place at once.`,
        { extra: { limit: quota.maxDatabases, used: databases } },
      );
    }
  }

  private draft(
    actor: Actor,
    given: Pick<
      DatabaseRecord,
      'name' | 'engine' | 'template' | 'sourceId' | 'serverId' | 'characterSet' | 'textCollation'
    >,
  ): DatabaseRecord {
    const id = newId();
    const physicalName = physicalNameOf(given.engine, id);
    const now = this.journal.clock.now();
    const { autoStopMinutes } = this.places;
    return {
      ...given,
      ...this.places.sandboxes.newPasswords(id),
      id,
      origin: 'provisioned',
      tenantId: actor.tenantId,
      ownerId: actor.membershipId,
      podId: null,
      physicalName,
      writeLogin: `${physicalName}_rw`,
      readLogin: `${physicalName}_ro`,
      connectionLimit: CONNECTION_LIMIT,
      status: 'provisioning',
      statusReason: null,
      statusSince: now,
      autoStopMinutes,
      protected: false,
      lastUsedAt: now,
      storageBytes: null,
      storageMeasuredAt: null,
      deletedAt: null,
      purgeAt: null,
      createdAt: now,
    };
  }
}

/** Opaque, and unique as the id is. A login of MySQL has 32 characters at most, its ending included. */
function physicalNameOf(engine: SandboxEngine, id: string): string {
  const digits = id.replaceAll('-', '');
  return engine === 'mysql' ? `db_${BigInt(`0x${digits}`).toString(36)}` : `db_${digits}`;
}

function columnsOf(encoding: Encoding | null): Pick<DatabaseRecord, 'characterSet' | 'textCollation'> {
  return { characterSet: encoding?.characterSet ?? null, textCollation: encoding?.collation ?? null };
}
