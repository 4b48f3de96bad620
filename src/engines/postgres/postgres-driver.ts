import { ConnectionPools } from '../connection-pool.js';
import type { TableEffect, UndoStep } from '../effects.js';
import type {
  AccessMode,
  Analysis,
  Capabilities,
  EngineDriver,
  EngineSession,
  Finding,
  LoginFacts,
  Statement,
  Target,
} from '../engine.js';
import { analyse, loadGrammar } from './analysis/analyse.js';
import { cancelBackend } from './connect.js';
import { connector } from './connection.js';
import { undoSteps } from './effects/undo.js';
import { PostgresProvisioner } from './provisioner.js';
import { review } from './review/review.js';
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

  review({ text }: Statement): readonly Finding[] {
    return review(text);
  }

  async outcome(target: Target, token: string): Promise<'committed' | 'aborted' | 'running' | 'unknown'> {
    if (!/^\d{1,20}$/.test(token)) return 'unknown';
    await using session = new PostgresSession(target, 'write', await this.pools.of(target).lease());
    const [row] = await session.collect(`select pg_catalog.pg_xact_status('${token}'::xid8)`).catch(() => []);
    const status = row?.[0] ?? 'unknown';
    if (status === 'in progress') return 'running';
    return status === 'committed' || status === 'aborted' ? status : 'unknown';
  }

  undo(effect: TableEffect): readonly UndoStep[] {
    return undoSteps(effect);
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

  async inspectLogin(target: Target): Promise<LoginFacts> {
    await using session = new PostgresSession(target, 'read', await this.pools.of(target).lease());
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
