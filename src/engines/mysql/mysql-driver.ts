import { ConnectionPools } from '../connection-pool.js';
import type {
  AccessMode,
  Analysis,
  Capabilities,
  EngineDriver,
  EngineSession,
  LoginFacts,
  Target,
} from '../engine.js';
import { analyse } from './analysis/analyse.js';
import { killQuery } from './cancel.js';
import { connector } from './connection.js';
import { MysqlProvisioner } from './provisioner.js';
import { MysqlSession } from './session.js';

/** MySQL 8 and MariaDB 10.6 and newer. */
export class MysqlDriver implements EngineDriver {
  readonly kind = 'mysql';
  readonly capabilities: Capabilities = {
    transactions: true,
    transactionalDdl: false,
    explain: 'cost',
    language: 'sql',
  };
  readonly provisioner = new MysqlProvisioner();
  private readonly pools = new ConnectionPools(connector);

  analyse(text: string): Analysis {
    return analyse(text);
  }

  async open(target: Target, access: AccessMode): Promise<EngineSession> {
    return new MysqlSession(target, access, await this.pools.of(target).lease());
  }

  async cancel(target: Target, backendId: string): Promise<void> {
    const threadId = Number(backendId);
    if (!Number.isSafeInteger(threadId) || threadId <= 0) throw new Error('This names no thread of MySQL.');
    await killQuery(target, threadId);
  }

  async inspectLogin(target: Target): Promise<LoginFacts> {
    await using session = new MysqlSession(target, 'read', await this.pools.of(target).lease());
    return await session.loginFacts();
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
