import { Inject, Injectable } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import type { Actor } from '../../platform/access/actor.js';
import { AppError, notFound } from '../../platform/errors/app-error.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import type { AuditActor } from '../audit/audit.types.js';
import { DatabaseJournal } from './database-journal.js';
import { DatabasePassages, type Passage, type PassageName } from './database-passages.js';
import { mayDo, reachOf, refuse, type Act } from './databases.policy.js';
import { DatabasesRepository, type DatabaseChanges } from './databases.repository.js';
import type { DatabaseRecord } from './databases.types.js';

const WAKE_MS = 10_000;
const WAKE_POLL_MS = 50;

/**
 * Moves databases from state to state: say what will be done, do it, say that it is done. What a crash leaves half-way
 * is finished by a job, so the work of every passage can be repeated.
 */
@Injectable()
export class DatabaseLifecycleService {
  constructor(
    private readonly databases: DatabasesRepository,
    private readonly passages: DatabasePassages,
    private readonly journal: DatabaseJournal,
    private readonly transactions: Transactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(actor: Actor, id: string): Promise<DatabaseRecord> {
    return this.perform(actor, id, 'start', 'starting');
  }

  async stop(actor: Actor, id: string): Promise<DatabaseRecord> {
    return this.perform(actor, id, 'stop', 'stopping');
  }

  async reset(actor: Actor, id: string): Promise<DatabaseRecord> {
    return this.perform(actor, id, 'reset', 'resetting');
  }

  /** `confirm` is the database's name, typed by whoever deletes it. What never came to be leaves nothing to restore. */
  async remove(actor: Actor, id: string, confirm: string): Promise<DatabaseRecord> {
    const record = await this.begin(actor, id, 'delete', (found) => {
      if (found.name === confirm) return found.status === 'failed' ? 'purging' : 'deleting';
      throw new AppError('invalid', 'confirmation_wrong', 'This is not the name of the database.', {
        fields: { confirm: `is “${found.name}”` },
      });
    });
    return this.resume(record);
  }

  /** For a run on a database that does not run: whoever may run on it may wake it, and waits until it is awake. */
  async wake(actor: Actor, id: string): Promise<void> {
    const record = await this.transactions.run(async () => {
      const found = await this.databases.findForUpdate(actor.tenantId, id);
      if (found === undefined) throw notFound('database');
      return found.status === 'stopped' ? this.enter(found, this.passages.get('starting'), actor) : null;
    });
    if (record === null) await this.awaitStart(actor.tenantId, id);
    else await this.resume(record);
  }

  /** For jobs: goes through the passage if the database still is in the state it was found in. */
  async pass(record: DatabaseRecord, name: PassageName, actor: AuditActor): Promise<void> {
    const entered = await this.transactions.run(async () => {
      const found = await this.databases.findForUpdate(record.tenantId, record.id);
      return found?.status === record.status ? this.enter(found, this.passages.get(name), actor) : null;
    });
    if (entered !== null) await this.resume(entered);
  }

  /**
   * Does the work of the passage that the database is in, also again after a crash, and says how it ended. Whoever
   * waits gets an error when it failed; the row keeps the reason.
   */
  async resume(record: DatabaseRecord): Promise<DatabaseRecord> {
    const passage = this.passages.of(record);
    if (passage === undefined) return record;
    try {
      await passage.work(record);
    } catch (error) {
      this.logger.error(
        { err: error, databaseId: record.id },
        'A database could not be brought into its state',
      );
      await this.giveUp(record, passage);
      const text =
        passage.undo === undefined
          ? `The server did not carry it out: the database is still ${record.status}, and it is tried again every minute.`
          : `It failed while the database was ${record.status}. Try again, or delete it.`;
      throw new AppError('unavailable', 'sandbox_failed', text, { cause: error });
    }
    return this.settle(record, {
      status: passage.to,
      statusReason: null,
      statusSince: this.journal.clock.now(),
    });
  }

  private async perform(actor: Actor, id: string, act: Act, name: PassageName): Promise<DatabaseRecord> {
    return this.resume(await this.begin(actor, id, act, () => name));
  }

  private async awaitStart(tenantId: string, id: string): Promise<void> {
    const until = performance.now() + WAKE_MS;
    for (;;) {
      const found = await this.databases.find(tenantId, id);
      if (found?.status !== 'starting' || performance.now() > until) return;
      await setTimeout(WAKE_POLL_MS);
    }
  }

  private async giveUp(record: DatabaseRecord, { undo, action }: Passage): Promise<void> {
    if (undo === undefined) {
      await this.settle(record, {
        statusReason: 'The server did not answer; it is tried again every minute.',
      });
      return;
    }
    await undo(record).catch((error: unknown) => {
      this.logger.error(
        { err: error, databaseId: record.id },
        'What was made only half is left on the server',
      );
    });
    await this.transactions.run(async () => {
      const statusReason = 'The server did not carry it out. The log of the product has the reason.';
      await this.settle(record, { status: 'failed', statusReason, statusSince: this.journal.clock.now() });
      await this.journal.writeFailure(record, action);
    });
  }

  /** One transaction: the row is locked, the actor may do it, the state moves, the act is recorded. */
  private async begin(
    actor: Actor,
    id: string,
    act: Act,
    choose: (record: DatabaseRecord) => PassageName,
  ): Promise<DatabaseRecord> {
    return this.transactions.run(async () => {
      const record = await this.databases.findForUpdate(actor.tenantId, id);
      if (record === undefined) throw notFound('database');
      const reach = reachOf(actor, record, await this.databases.grants(actor.tenantId, id));
      if (reach === 'none') throw notFound('database');
      refuse(mayDo(act, actor, record, reach));
      return this.enter(record, this.passages.get(choose(record)), actor);
    });
  }

  private async enter(record: DatabaseRecord, passage: Passage, actor: AuditActor): Promise<DatabaseRecord> {
    const now = this.journal.clock.now();
    const more = passage.changes?.(now) ?? {};
    const changes = { ...more, status: passage.via, statusReason: null, statusSince: now };
    await this.databases.update(record.tenantId, record.id, changes);
    await this.journal.write(actor, passage.action, record);
    return { ...record, ...changes };
  }

  /** Nothing happens when the database has left the passage meanwhile: somebody else has finished it. */
  private async settle(record: DatabaseRecord, changes: DatabaseChanges): Promise<DatabaseRecord> {
    await this.transactions.run(async () => {
      const present = await this.databases.findForUpdate(record.tenantId, record.id);
      if (present?.status !== record.status) return;
      await this.databases.update(record.tenantId, record.id, changes);
      await this.journal.announce(record);
    });
    return { ...record, ...changes };
  }
}
