import { Injectable } from '@nestjs/common';
import { DatabasesRepository, type DatabaseChanges } from './databases.repository.js';
import type { DatabaseRecord, DatabaseState } from './databases.types.js';
import { SandboxesRepository } from './sandboxes.repository.js';

const RETENTION_MS = 30 * 86_400_000;

/** A change of state with work on the server in the middle. The work can be repeated. */
export interface Passage {
  readonly action: string;
  readonly via: DatabaseState;
  readonly to: DatabaseState;
  readonly changes?: (now: Date) => DatabaseChanges;
  readonly work: (record: DatabaseRecord) => Promise<void>;
  /**
   * Clears the server after work that failed: the database is `failed` then, and nothing of it is left. Without it the
   * database stays on its way and a job tries again, because there is content to keep.
   */
  readonly undo?: (record: DatabaseRecord) => Promise<void>;
}

export type PassageName = 'provisioning' | 'starting' | 'stopping' | 'resetting' | 'deleting' | 'purging';

/** What happens on the server between two states. */
@Injectable()
export class DatabasePassages {
  private readonly all: Readonly<Record<PassageName, Passage>>;

  constructor(
    private readonly databases: DatabasesRepository,
    private readonly sandboxes: SandboxesRepository,
  ) {
    const drop = async (record: DatabaseRecord): Promise<void> => sandboxes.drop(record);
    const stop = async (record: DatabaseRecord): Promise<void> => sandboxes.stop(record);
    this.all = {
      provisioning: {
        action: 'database.create',
        via: 'provisioning',
        to: 'running',
        work: async (record) => this.provision(record),
        undo: drop,
      },
      starting: {
        action: 'database.start',
        via: 'starting',
        to: 'running',
        work: async (record) => sandboxes.start(record),
      },
      stopping: { action: 'database.stop', via: 'stopping', to: 'stopped', work: stop },
      resetting: {
        action: 'database.reset',
        via: 'resetting',
        to: 'running',
        work: async (record) => sandboxes.reset(record),
        undo: drop,
      },
      deleting: {
        action: 'database.delete',
        via: 'deleting',
        to: 'deleted',
        changes: (now) => ({ deletedAt: now, purgeAt: new Date(now.getTime() + RETENTION_MS) }),
        work: stop,
      },
      purging: { action: 'database.purge', via: 'purging', to: 'purged', work: drop },
    };
  }

  get(name: PassageName): Passage {
    return this.all[name];
  }

  /** The passage that a database on its way is in. */
  of(record: DatabaseRecord): Passage | undefined {
    return Object.values(this.all).find(({ via }) => via === record.status);
  }

  private async provision(record: DatabaseRecord): Promise<void> {
    if (record.sourceId === null) {
      await this.sandboxes.create(record);
      return;
    }
    const source = await this.databases.find(record.tenantId, record.sourceId);
    if (source === undefined) throw new Error(`The source ${record.sourceId} of a clone is gone.`);
    await this.sandboxes.stop(source);
    try {
      await this.sandboxes.copy(record, source);
    } finally {
      await this.reopen(source);
    }
  }

  /** The source may have been stopped or deleted while it was copied; it stays closed then. */
  private async reopen({ tenantId, id }: DatabaseRecord): Promise<void> {
    const source = await this.databases.find(tenantId, id);
    if (source?.status === 'running') await this.sandboxes.start(source);
  }
}
