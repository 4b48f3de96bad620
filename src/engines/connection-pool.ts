import { createHash } from 'node:crypto';
import type { Target } from './engine.js';
import { engineError } from './engine-error.js';

const POOL_SIZE = 8;
const IDLE_MS = 30_000;
const WAIT_MS = 10_000;

export interface PooledConnection {
  /** Connected, and nothing under way. */
  readonly usable: boolean;
  /** Says goodbye; must not throw. */
  close(): void;
}

/** A connection on lease. */
export interface Lease<C> {
  readonly connection: C;
  /** Gives the connection back, or ends it when it is not clean. */
  release(clean: boolean): void;
}

type Connect<C> = () => Promise<C>;

interface Waiter<C> {
  resolve(connection: C | null): void;
  reject(error: Error): void;
}

/** Connections to one database with one login. */
export class ConnectionPool<C extends PooledConnection> {
  private readonly idle: { connection: C; timer: NodeJS.Timeout }[] = [];
  private readonly waiting: Waiter<C>[] = [];
  private open = 0;
  private closed = false;

  constructor(
    private readonly connectNew: Connect<C>,
    private readonly onEmpty: () => void,
  ) {}

  async lease(): Promise<Lease<C>> {
    if (this.closed) throw closedError();
    const connection = this.takeIdle() ?? (this.open < POOL_SIZE ? await this.connect() : await this.wait());
    return {
      connection,
      release: (clean) => {
        this.release(connection, clean);
      },
    };
  }

  /** Ends idle connections at once and the others when they are given back. */
  close(): void {
    this.closed = true;
    for (const { connection, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      this.end(connection);
    }
    for (const waiter of this.waiting.splice(0)) waiter.reject(closedError());
  }

  private takeIdle(): C | undefined {
    for (let found = this.idle.pop(); found !== undefined; found = this.idle.pop()) {
      clearTimeout(found.timer);
      if (found.connection.usable) return found.connection;
      this.end(found.connection);
    }
    return undefined;
  }

  private async connect(): Promise<C> {
    this.open += 1;
    try {
      return await this.connectNew();
    } catch (error) {
      this.open -= 1;
      this.waiting.shift()?.resolve(null);
      throw error;
    }
  }

  private async wait(): Promise<C> {
    const connection = await new Promise<C | null>((resolve, reject) => {
      const waiter: Waiter<C> = { resolve, reject };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(engineError('too_many_connections', 'All connections of this database are in use.'));
      }, WAIT_MS);
      waiter.resolve = (found) => {
        clearTimeout(timer);
        resolve(found);
      };
      waiter.reject = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.waiting.push(waiter);
    });
    return connection ?? this.connect();
  }

  private release(connection: C, clean: boolean): void {
    if (this.closed || !clean || !connection.usable) {
      this.end(connection);
      this.waiting.shift()?.resolve(null);
      return;
    }
    const waiter = this.waiting.shift();
    if (waiter !== undefined) {
      waiter.resolve(connection);
      return;
    }
    const timer = setTimeout(() => {
      this.idle.splice(
        this.idle.findIndex((entry) => entry.connection === connection),
        1,
      );
      this.end(connection);
    }, IDLE_MS).unref();
    this.idle.push({ connection, timer });
  }

  private end(connection: C): void {
    connection.close();
    this.open -= 1;
    if (this.open === 0 && this.waiting.length === 0) this.onEmpty();
  }
}

/** Pools by target. A changed password is another target. */
export class ConnectionPools<C extends PooledConnection> {
  private readonly pools = new Map<string, ConnectionPool<C>>();

  /** `connectorFor` is asked once per pool; what it answers opens each of the pool's connections. */
  constructor(private readonly connectorFor: (target: Target) => Connect<C>) {}

  of(target: Target): ConnectionPool<C> {
    const key = keyOf(target);
    const known = this.pools.get(key);
    if (known !== undefined) return known;
    const pool = new ConnectionPool(this.connectorFor(target), () => this.pools.delete(key));
    this.pools.set(key, pool);
    return pool;
  }

  forget(target: Target): void {
    const key = keyOf(target);
    this.pools.get(key)?.close();
    this.pools.delete(key);
  }

  close(): void {
    for (const pool of this.pools.values()) pool.close();
    this.pools.clear();
  }
}

function closedError(): Error {
  return engineError('connection_failed', 'The connections to this database were closed.');
}

const keys = new WeakMap<Target, string>();

function keyOf(target: Target): string {
  const known = keys.get(target);
  if (known !== undefined) return known;
  const { host, address, port, database, username, password, tls, options } = target;
  const key = createHash('sha256')
    .update(JSON.stringify([host, address, port, database, username, password, tls, options]))
    .digest('base64');
  keys.set(target, key);
  return key;
}
