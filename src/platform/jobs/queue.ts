import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { PgBoss, type Db } from 'pg-boss';
import { CONFIG, type Config } from '../config/config.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Transactions } from '../persistence/transactions.js';

const SCHEMA = 'pgboss';
const POLLING_SECONDS = 2;
const STOP_MS = 3000;

export interface QueueOptions {
  /** Work that takes longer is given to another worker. */
  readonly timeoutSeconds: number;
  readonly retries: number;
  /** The wait before a retry doubles from one second up to this; without it there is no bound. */
  readonly longestWaitSeconds?: number;
  /** Pieces of work that one process takes at a time. */
  readonly concurrency: number;
}

/** Makes pg-boss's schema with the owner's login; the application itself may not change tables. */
export async function prepareQueue(migrationUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: migrationUrl,
    schema: SCHEMA,
    supervise: false,
    schedule: false,
  });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.stop({ graceful: false });
}

/** Durable work on the management database: what was sent runs at least once, also after a crash. */
@Injectable()
export class Queue implements BeforeApplicationShutdown {
  private readonly boss: PgBoss;
  private readonly workers = new Map<string, string>();
  private started: Promise<unknown> | null = null;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) logger: Logger,
    private readonly transactions: Transactions,
  ) {
    this.boss = new PgBoss({
      connectionString: config.management.url,
      application_name: 'clouddb-manager queue',
      schema: SCHEMA,
      max: 3,
      migrate: false,
      createSchema: false,
      schedule: false,
      reindex: false,
    });
    this.boss.on('error', (error) => {
      logger.warn({ err: error }, 'The queue met an error and goes on');
    });
  }

  /** Declares a queue and its worker. `handler` checks the data's shape, and may see the same data again after a crash. */
  async define(
    name: string,
    options: QueueOptions,
    handler: (data: unknown) => Promise<void>,
  ): Promise<void> {
    this.started ??= this.boss.start();
    await this.started;
    const settings = {
      expireInSeconds: options.timeoutSeconds,
      retryLimit: options.retries,
      retryDelay: 1,
      retryBackoff: true,
      ...(options.longestWaitSeconds !== undefined && { retryDelayMax: options.longestWaitSeconds }),
      deleteAfterSeconds: 86_400,
    };
    if ((await this.boss.getQueue(name)) === null) await this.boss.createQueue(name, settings);
    else await this.boss.updateQueue(name, settings);
    const work = { pollingIntervalSeconds: POLLING_SECONDS, localConcurrency: options.concurrency };
    const worker = await this.boss.work<unknown>(name, work, async (jobs) => {
      for (const job of jobs) await handler(job.data);
    });
    this.workers.set(name, worker);
  }

  /** Sends work; it becomes visible when the open transaction commits. */
  async send(name: string, data: object): Promise<void> {
    await this.boss.send(name, data, { db: this.database() });
    // The worker of this process need not wait until it looks for work the next time.
    const worker = this.workers.get(name);
    if (worker === undefined) return;
    this.transactions.afterCommit(() => {
      this.boss.notifyWorker(worker);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.started !== null) await this.boss.stop({ graceful: true, timeout: STOP_MS });
  }

  private database(): Db {
    const { manager } = this.transactions;
    return {
      executeSql: async (text, values) => ({ rows: await manager.query<unknown[]>(text, values ?? []) }),
    };
  }
}
