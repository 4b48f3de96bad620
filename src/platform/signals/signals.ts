import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import { CONFIG, type Config } from '../config/config.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Transactions } from '../persistence/transactions.js';

type Handler = (payload: string) => void;

/** One PostgreSQL channel carries all; the payload leads with the name of ours. */
const CHANNEL = 'clouddb';
const MAX_PAYLOAD = 7900;
const HEARTBEAT_MS = 1000;
const RETRY_MS = [100, 250, 500, 1000] as const;

/**
 * Short messages between replicas over LISTEN/NOTIFY. They are hints that let caches drop what is old: whoever was not
 * connected has missed them, so `onGap` handlers drop everything, and `connected` says whether a cache may be trusted.
 */
@Injectable()
export class Signals implements OnModuleInit, OnApplicationShutdown {
  private readonly handlers = new Map<string, Handler[]>();
  private readonly gapHandlers: (() => void)[] = [];
  private client: pg.Client | null = null;
  private heartbeat: NodeJS.Timeout | null = null;
  private retry: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    private readonly transactions: Transactions,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    if (this.retry !== null) clearTimeout(this.retry);
    await this.drop();
  }

  /** Delivered to every replica, this one included, when the open transaction commits. */
  async publish(channel: string, payload: string): Promise<void> {
    const message = `${channel}\n${payload}`;
    if (Buffer.byteLength(message) > MAX_PAYLOAD) throw new Error(`A signal on ${channel} is too long.`);
    await this.transactions.manager.query('select pg_notify($1, $2)', [CHANNEL, message]);
  }

  on(channel: string, handler: Handler): void {
    this.handlers.set(channel, [...(this.handlers.get(channel) ?? []), handler]);
  }

  /** Called whenever signals may have been missed. */
  onGap(handler: () => void): void {
    this.gapHandlers.push(handler);
  }

  get connected(): boolean {
    return this.client !== null;
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.config.management.url,
      application_name: 'clouddb-manager signals',
      connectionTimeoutMillis: 3000,
      query_timeout: 2 * HEARTBEAT_MS,
      keepAlive: true,
    });
    client.on('error', (error) => {
      this.lost(client, error);
    });
    client.on('end', () => {
      this.lost(client, new Error('The connection ended'));
    });
    client.on('notification', ({ payload }) => {
      this.deliver(payload ?? '');
    });
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    this.client = client;
    this.scheduleHeartbeat(client);
  }

  private deliver(message: string): void {
    const line = message.indexOf('\n');
    const handlers = this.handlers.get(message.slice(0, line)) ?? [];
    for (const handler of handlers) handler(message.slice(line + 1));
  }

  // A connection that died silently (a failover, a firewall) shows only when it is used.
  private scheduleHeartbeat(client: pg.Client): void {
    this.heartbeat = setTimeout(() => {
      client.query('select 1').then(
        () => {
          if (this.client === client) this.scheduleHeartbeat(client);
        },
        (error: unknown) => {
          this.lost(client, error);
        },
      );
    }, HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  private lost(client: pg.Client, error: unknown): void {
    if (this.client !== client) return;
    this.client = null;
    if (this.heartbeat !== null) clearTimeout(this.heartbeat);
    client.end().catch(() => undefined);
    if (this.closed) return;
    this.logger.warn(
      { err: error },
      'The connection for signals is lost; caches are short-lived until it is back',
    );
    this.gap();
    this.reconnect(0);
  }

  private reconnect(attempt: number): void {
    const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 1000;
    this.retry = setTimeout(() => {
      if (this.closed) return;
      this.connect().then(
        () => {
          this.gap();
        },
        () => {
          this.reconnect(attempt + 1);
        },
      );
    }, wait);
    this.retry.unref();
  }

  private gap(): void {
    for (const handler of this.gapHandlers) handler();
  }

  private async drop(): Promise<void> {
    const { client } = this;
    this.client = null;
    if (this.heartbeat !== null) clearTimeout(this.heartbeat);
    await client?.end().catch(() => undefined);
  }
}
