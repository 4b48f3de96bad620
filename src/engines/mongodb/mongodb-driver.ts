import { ConnectionPools } from '../connection-pool.js';
import type { AccessMode, Analysis, Capabilities, EngineDriver, EngineSession, Target } from '../engine.js';
import { analyse } from './analyse.js';
import { cancelBackend } from './cancel.js';
import { connect, type MongodbConnection } from './connect.js';
import { MongodbSession } from './session.js';

export class MongodbDriver implements EngineDriver {
  readonly kind = 'mongodb';
  readonly capabilities: Capabilities = {
    transactions: false,
    transactionalDdl: false,
    explain: 'plan',
    language: 'mongosh',
  };
  private readonly pools = new ConnectionPools<MongodbConnection>((target) => async () => connect(target));

  analyse(text: string): Analysis {
    return analyse(text);
  }

  async open(target: Target, access: AccessMode): Promise<EngineSession> {
    return new MongodbSession(target, access, await this.pools.of(target).lease());
  }

  async cancel(target: Target, backendId: string): Promise<void> {
    await cancelBackend(target, backendId);
  }

  async forget(target: Target): Promise<void> {
    this.pools.forget(target);
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.pools.close();
    return Promise.resolve();
  }
}
