import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { z } from 'zod';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Transactions } from '../persistence/transactions.js';
import { JOB, type JobOptions } from './job.decorator.js';
import { JobRunsRepository } from './job-runs.repository.js';
import { Queue } from './queue.js';
import { scheduleOf, slotAt, type Schedule } from './schedule.js';

/** The clock jobs go by, and where their mishaps are written. */
@Injectable()
export class JobTime {
  constructor(
    readonly clock: Clock,
    @Inject(LOGGER) readonly logger: Logger,
  ) {}
}

interface ScheduledJob {
  readonly options: JobOptions;
  readonly schedule: Schedule;
  readonly run: () => Promise<void>;
}

const slotSchema = z.object({ name: z.string(), slot: z.iso.datetime() });

const QUEUE = 'scheduled-job';
const MAX_TIMER = 2 ** 31 - 1;

/** Keeps the time of all `@Job` methods; the queue makes each slot run once across replicas. */
@Injectable()
export class JobScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly jobs = new Map<string, ScheduledJob>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly queue: Queue,
    private readonly runs: JobRunsRepository,
    private readonly transactions: Transactions,
    private readonly time: JobTime,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const job of this.discover()) this.jobs.set(job.options.name, job);
    const options = { timeoutSeconds: 600, retries: 2, concurrency: 2 };
    await this.queue.define(QUEUE, options, async (data) => this.perform(slotSchema.parse(data)));
    for (const job of this.jobs.values()) this.scheduleNext(job);
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  /** Every job with its schedule, by name. */
  table(): { name: string; schedule: string }[] {
    return [...this.jobs.values()]
      .map(({ options }) => ({
        name: options.name,
        schedule: 'at' in options ? `daily at ${options.at} UTC` : `every ${options.every}`,
      }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Claims the slot that it is now and sends its work, both or neither. */
  async tick(name: string): Promise<boolean> {
    const job = this.jobs.get(name);
    if (job === undefined) throw new Error(`There is no job called ${name}.`);
    const now = this.time.clock.now();
    const slot = new Date(slotAt(job.schedule, now.getTime()));
    return this.transactions.run(async () => {
      if (!(await this.runs.claim(name, slot, now))) return false;
      await this.queue.send(QUEUE, { name, slot: slot.toISOString() });
      return true;
    });
  }

  private scheduleNext(job: ScheduledJob): void {
    const { name } = job.options;
    const now = this.time.clock.millis();
    const wait = slotAt(job.schedule, now) + job.schedule.period - now;
    const timer = setTimeout(
      () => {
        this.tick(name).catch((error: unknown) => {
          this.time.logger.warn({ err: error, job: name }, 'A slot could not be claimed');
        });
        this.scheduleNext(job);
      },
      Math.min(wait, MAX_TIMER),
    );
    this.timers.set(name, timer.unref());
  }

  private async perform({ name, slot }: z.output<typeof slotSchema>): Promise<void> {
    const job = this.jobs.get(name);
    if (job === undefined) return; // sent by a newer version during a rolling restart, or gone since
    const at = new Date(slot);
    await this.runs.start(name, at, this.time.clock.now());
    try {
      await job.run();
      await this.runs.finish(name, at, this.time.clock.now(), null);
    } catch (error) {
      this.time.logger.error({ err: error, job: name }, 'A job failed');
      await this.runs.finish(name, at, this.time.clock.now(), String(error).slice(0, 2000));
      throw error;
    }
  }

  private discover(): ScheduledJob[] {
    const scanner = new MetadataScanner();
    return this.discovery.getProviders().flatMap(({ instance }: { instance?: unknown }) => {
      if (typeof instance !== 'object' || instance === null) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
      return scanner.getAllMethodNames(prototype).flatMap((method) => {
        const options = Reflect.getMetadata(JOB, prototype[method] as object) as JobOptions | undefined;
        if (options === undefined) return [];
        const run = async (): Promise<void> => (prototype[method] as () => Promise<void>).call(instance);
        return [{ options, schedule: scheduleOf(options), run }];
      });
    });
  }
}
