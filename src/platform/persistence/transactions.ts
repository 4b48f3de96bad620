import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';

/** Injection token of the management database's data source. */
export const MANAGEMENT = Symbol('MANAGEMENT');

interface OpenTransaction {
  readonly manager: EntityManager;
  readonly afterCommit: (() => void)[];
}

/**
 * Transactions on the management database. Repositories take `manager` and so join whatever is open; nested runs join
 * the outer one. No engine call, HTTP request or sandbox statement belongs inside.
 */
@Injectable()
export class Transactions {
  private readonly open = new AsyncLocalStorage<OpenTransaction>();

  constructor(@Inject(MANAGEMENT) private readonly source: DataSource) {}

  /** Runs `work` in a transaction; commits when it resolves, rolls back when it throws. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.open.getStore() !== undefined) return work();
    const afterCommit: (() => void)[] = [];
    const result = await this.source.transaction(async (manager) =>
      this.open.run({ manager, afterCommit }, work),
    );
    for (const act of afterCommit) act();
    return result;
  }

  /** Runs `act` once the open transaction has committed, or now when there is none. It must not throw. */
  afterCommit(act: () => void): void {
    const store = this.open.getStore();
    if (store === undefined) act();
    else store.afterCommit.push(act);
  }

  /** The open transaction's manager, or the pool's. */
  get manager(): EntityManager {
    return this.open.getStore()?.manager ?? this.source.manager;
  }
}
