import { createHash } from 'node:crypto';
import type { Target } from '../engine.js';
import { connect } from './connect.js';
import { engineError } from './errors.js';
import { readTypes } from './types-lookup.js';
import type { ServerType } from './types.js';
import type { Wire } from './wire/wire.js';

export const POOL_SIZE = 8;
const IDLE_MS = 30_000;
const WAIT_MS = 10_000;

/** A connection on lease, with what was learnt about its server. */
export interface Lease {
  readonly wire: Wire;
  readonly types: Map<number, ServerType>;
  /** Gives the connection back, or ends it when it is not clean. */
  release(clean: boolean): void;
}

interface Waiter {
  resolve(wire: Wire | null): void;
  reject(error: Error): void;
}

/** Connections to one database with one login. */
export class Pool {
  private readonly idle: { wire: Wire; timer: NodeJS.Timeout }[] = [];
  private readonly waiting: Waiter[] = [];
  private readonly types = new Map<number, ServerType>();
  private open = 0;
  private closed = false;

  constructor(
    private readonly target: Target,
    private readonly onEmpty: () => void,
  ) {}

  async lease(): Promise<Lease> {
    if (this.closed) throw engineError('connection_failed', 'The connections to this database were closed.');
    const wire = this.takeIdle() ?? (this.open < POOL_SIZE ? await this.connect() : await this.wait());
    return {
      wire,
      types: this.types,
      release: (clean) => {
        this.release(wire, clean);
      },
    };
  }

  /** Ends idle connections at once and the others when they are given back. */
  close(): void {
    this.closed = true;
    for (const { wire, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      this.end(wire);
    }
    const error = engineError('connection_failed', 'The connections to this database were closed.');
    for (const waiter of this.waiting.splice(0)) waiter.reject(error);
  }

  private takeIdle(): Wire | undefined {
    for (let found = this.idle.pop(); found !== undefined; found = this.idle.pop()) {
      clearTimeout(found.timer);
      if (found.wire.usable) return found.wire;
      this.end(found.wire);
    }
    return undefined;
  }

  private async connect(): Promise<Wire> {
    this.open += 1;
    try {
      const wire = await connect(this.target);
      if (this.types.size === 0) await readTypes(wire, this.types);
      return wire;
    } catch (error) {
      this.open -= 1;
      this.waiting.shift()?.resolve(null);
      throw error;
    }
  }

  private async wait(): Promise<Wire> {
    const wire = await new Promise<Wire | null>((resolve, reject) => {
      const waiter: Waiter = { resolve, reject };
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
    return wire ?? this.connect();
  }

  private release(wire: Wire, clean: boolean): void {
    if (this.closed || !clean || !wire.usable) {
      this.end(wire);
      this.waiting.shift()?.resolve(null);
      return;
    }
    const waiter = this.waiting.shift();
    if (waiter !== undefined) {
      waiter.resolve(wire);
      return;
    }
    const timer = setTimeout(() => {
      this.idle.splice(
        this.idle.findIndex((entry) => entry.wire === wire),
        1,
      );
      this.end(wire);
    }, IDLE_MS).unref();
    this.idle.push({ wire, timer });
  }

  private end(wire: Wire): void {
    wire.close();
    this.open -= 1;
    if (this.open === 0 && this.waiting.length === 0) this.onEmpty();
  }
}

/** Pools by target. A changed password is another target. */
export class Pools {
  private readonly pools = new Map<string, Pool>();

  of(target: Target): Pool {
    const key = keyOf(target);
    const known = this.pools.get(key);
    if (known !== undefined) return known;
    const pool = new Pool(target, () => this.pools.delete(key));
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

const keys = new WeakMap<Target, string>();

function keyOf(target: Target): string {
  const known = keys.get(target);
  if (known !== undefined) return known;
  const { host, address, port, database, username, password, tls } = target;
  const key = createHash('sha256')
    .update(JSON.stringify([host, address, port, database, username, password, tls]))
    .digest('base64');
  keys.set(target, key);
  return key;
}
