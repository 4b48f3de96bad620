import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { AppError, notFound, refuseUnless, type Verdict } from '../../platform/errors/app-error.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import type { AuditActor } from '../audit/audit.types.js';
import { DatabaseJournal } from './database-journal.js';
import { mayDo, reachOf, type Act } from './databases.policy.js';
import { DatabasesRepository, type DatabaseChanges } from './databases.repository.js';
import type { DatabaseRecord, DatabaseState } from './databases.types.js';
import { SandboxesRepository } from './sandboxes.repository.js';

export const RETENTION_MS = 30 * 86_400_000;

/** A change of state with work on the server in the middle. */
export interface Passage {
  readonly action: string;
  readonly via: DatabaseState;
  readonly to: DatabaseState;
  readonly changes?: (record: DatabaseRecord, now: Date) => DatabaseChanges;
  readonly work: (record: DatabaseRecord) => Promise<void>;
}

/**
 * Moves databases from state to state: say what will be done, do it, say that it is done. What a crash leaves half-way
 * is finished by a job, so the work of every passage can be repeated.
 */
@Injectable()
export class DatabaseLifecycleService {
  constructor(
    private readonly databases: DatabasesRepository,
    private readonly sandboxes: SandboxesRepository,
    private readonly journal: DatabaseJournal,
    private readonly transactions: Transactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(actor: Actor, id: string): Promise<DatabaseRecord> {
    return this.carryOut(
      await this.begin(actor, id, 'start', this.passages.starting),
      this.passages.starting,
    );
  }

  async stop(actor: Actor, id: string): Promise<DatabaseRecord> {
    return this.carryOut(await this.begin(actor, id, 'stop', this.passages.stopping), this.passages.stopping);
  }

  async reset(actor: Actor, id: string): Promise<DatabaseRecord> {
    return this.carryOut(
      await this.begin(actor, id, 'reset', this.passages.resetting),
      this.passages.resetting,
    );
  }

  /** `confirm` is the database's name, typed by whoever deletes it. */
  async remove(actor: Actor, id: string, confirm: string): Promise<DatabaseRecord> {
    const { deleting } = this.passages;
    const record = await this.begin(actor, id, 'delete', deleting, (found) => {
      if (found.name === confirm) return;
      throw new AppError(
        'invalid',
        'confirmation_wrong',
        'The name that was typed is not the name of this database.',
        {
          fields: { confirm: `is “${found.name}”` },
        },
      );
    });
    return this.carryOut(record, deleting);
  }

  /** For a run on a stopped database: whoever may run on it may wake it. */
  async wake(actor: Actor, id: string): Promise<void> {
    const { starting } = this.passages;
    const record = await this.transactions.run(async () => {
      const found = await this.databases.findForUpdate(actor.tenantId, id);
      if (found === undefined) throw notFound('database');
      return found.status === 'stopped' ? this.enter(found, starting, actor) : null;
    });
    if (record !== null) await this.carryOut(record, starting);
  }

  /** For jobs: goes through the passage if the database still is in the state it was found in. */
  async pass(record: DatabaseRecord, state: 'stopping' | 'deleting', actor: AuditActor): Promise<void> {
    const passage = this.passages[state];
    const entered = await this.transactions.run(async () => {
      const found = await this.databases.findForUpdate(record.tenantId, record.id);
      return found?.status === record.status ? this.enter(found, passage, actor) : null;
    });
    if (entered !== null) await this.carryOut(entered, passage);
  }

  /** Finishes what a crash has left half-way. */
  async resume(record: DatabaseRecord): Promise<void> {
    const passage = Object.values(this.passages).find(({ via }) => via === record.status);
    if (passage !== undefined) await this.carryOut(record, passage);
  }

  /** Does the work and says how it ended. Whoever waits gets an error when it failed; the row keeps the reason. */
  async carryOut(
    record: DatabaseRecord,
    { work, to }: Pick<Passage, 'work' | 'to'>,
  ): Promise<DatabaseRecord> {
    try {
      await work(record);
      return await this.settle(record, { status: to, statusReason: null });
    } catch (error) {
      this.logger.error(
        { err: error, databaseId: record.id },
        'A database could not be brought into its state',
      );
      const statusReason = 'The server did not carry it out. The log of the product has the reason.';
      await this.settle(record, { status: 'failed', statusReason });
      const text = `It failed while the database was ${record.status}. Try again, or delete it.`;
      throw new AppError('unavailable', 'sandbox_failed', text, { cause: error });
    }
  }

  /** One transaction: the row is locked, the actor may do it, the state moves, the act is recorded. */
  private async begin(
    actor: Actor,
    id: string,
    act: Act,
    passage: Passage,
    check: (record: DatabaseRecord) => void = () => undefined,
  ): Promise<DatabaseRecord> {
    return this.transactions.run(async () => {
      const record = await this.databases.findForUpdate(actor.tenantId, id);
      if (record === undefined) throw notFound('database');
      const reach = reachOf(actor, record, await this.databases.grants(actor.tenantId, id));
      if (reach === 'none') throw notFound('database');
      refuse(mayDo(act, actor, record, reach));
      check(record);
      return this.enter(record, passage, actor);
    });
  }

  private async enter(record: DatabaseRecord, passage: Passage, actor: AuditActor): Promise<DatabaseRecord> {
    const now = this.journal.clock.now();
    const more = passage.changes?.(record, now) ?? {};
    const changes = { ...more, status: passage.via, statusReason: null, statusSince: now };
    await this.databases.update(record.tenantId, record.id, changes);
    await this.journal.write(actor, passage.action, record);
    return { ...record, ...changes };
  }

  private async settle(record: DatabaseRecord, outcome: DatabaseChanges): Promise<DatabaseRecord> {
    const changes = { ...outcome, statusSince: this.journal.clock.now() };
    await this.transactions.run(async () => {
      await this.databases.update(record.tenantId, record.id, changes);
      await this.journal.announce(record.id);
    });
    return { ...record, ...changes };
  }

  private readonly passages = {
    provisioning: {
      action: 'database.create',
      via: 'provisioning',
      to: 'running',
      work: async (record) => this.provision(record),
    },
    starting: {
      action: 'database.start',
      via: 'starting',
      to: 'running',
      work: async (record) => this.sandboxes.start(record),
    },
    stopping: {
      action: 'database.stop',
      via: 'stopping',
      to: 'stopped',
      work: async (record) => this.sandboxes.stop(record),
    },
    resetting: {
      action: 'database.reset',
      via: 'resetting',
      to: 'running',
      work: async (record) => this.sandboxes.reset(record),
    },
    deleting: {
      action: 'database.delete',
      via: 'deleting',
      to: 'deleted',
      changes: (_, now) => ({ deletedAt: now, purgeAt: new Date(now.getTime() + RETENTION_MS) }),
      work: async (record) => this.sandboxes.stop(record),
    },
  } satisfies Record<string, Passage>;

  private async provision(record: DatabaseRecord): Promise<void> {
    if (record.sourceId === null) {
      await this.sandboxes.create(record);
      return;
    }
    const source = await this.databases.find(record.tenantId, record.sourceId);
    if (source === undefined) throw new Error(`The source ${record.sourceId} of a clone is gone.`);
    await this.sandboxes.clone(record, source);
  }
}

function refuse(verdict: Verdict): void {
  refuseUnless(verdict, verdict !== 'yes' && verdict.code === 'not_allowed' ? 'forbidden' : 'conflict');
}
