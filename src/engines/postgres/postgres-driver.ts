import { ConnectionPools } from '../connection-pool.js';
import type { AccessMode, Analysis, Capabilities, EngineDriver, EngineSession, Target } from '../engine.js';
import { analyse, loadGrammar } from './analysis/analyse.js';
import { cancelBackend } from './connect.js';
import { connector } from './connection.js';
import { PostgresProvisioner } from './provisioner.js';
import { PostgresSession } from './session.js';

/** Make it with `load`. */
export class PostgresDriver implements EngineDriver {
  readonly kind = 'postgres';
  readonly capabilities: Capabilities = {
    transactions: true,
    transactionalDdl: true,
    explain: 'cost',
    language: 'sql',
  };
  readonly provisioner = new PostgresProvisioner();
  private readonly pools = new ConnectionPools(connector);

  /** Loads the grammar; nothing can be analysed before. */
  static async load(): Promise<PostgresDriver> {
    await loadGrammar();
    return new PostgresDriver();
  }

  analyse(text: string): Analysis {
    return analyse(text);
  }

  async open(target: Target, access: AccessMode): Promise<EngineSession> {
    return new PostgresSession(target, access, await this.pools.of(target).lease());
  }

  async cancel(target: Target, backendId: string): Promise<void> {
    const [pid, secret] = backendId.split(':').map(Number);
    if (pid === undefined || secret === undefined || !Number.isInteger(pid) || !Number.isInteger(secret)) {
      throw new Error('This names no backend of PostgreSQL.');
    }
    await cancelBackend(target, pid, secret);
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
