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
import { CollectHandler } from './answers.js';
import { backendIdOf, cancelBackend } from './cancel.js';
import { endedError, openError, ProcessEndedError } from './errors.js';
import { checkFile } from './file.js';
import type { Answer, Order } from './messages.js';
import { SqliteProcesses } from './processes.js';
import { SqliteSession, type OpenedFile } from './session.js';

/** A writer that was ended left its journal; only somebody who may write can take its half-done work back. */
const NEEDS_RECOVERY: readonly string[] = [
  'SQLITE_READONLY_ROLLBACK',
  'SQLITE_READONLY_RECOVERY',
  'SQLITE_READONLY_CANTINIT',
];

export class SqliteDriver implements EngineDriver {
  readonly kind = 'sqlite';
  readonly capabilities: Capabilities = {
    transactions: true,
    transactionalDdl: true,
    explain: 'plan',
    language: 'sql',
  };
  private readonly processes = new SqliteProcesses();

  /** `folder` is where database files may lie, below it in any depth; null turns the engine off. */
  constructor(private readonly folder: string | null) {}

  analyse(text: string): Analysis {
    return analyse(text);
  }

  async open(target: Target, access: AccessMode): Promise<EngineSession> {
    const reopen = async (): Promise<OpenedFile> => this.openFile(target.database, access);
    return new SqliteSession(access, await reopen(), reopen, backendIdOf);
  }

  async cancel(_: Target, backendId: string): Promise<void> {
    await cancelBackend(backendId);
  }

  /** A file has no logins: a session for reading only reads, whoever has it. */
  async inspectLogin(target: Target): Promise<LoginFacts> {
    const session = await this.open(target, 'read');
    await session[Symbol.asyncDispose]();
    return { serverVersion: process.versions['sqlite'] ?? '', writes: [] };
  }

  /** Nothing stays open behind a session. */
  async forget(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.processes.close();
    return Promise.resolve();
  }

  /** A process that waited for work may have been ended meanwhile: the second is a new one. */
  private async openFile(database: string, access: AccessMode): Promise<OpenedFile> {
    try {
      return await this.openOrRecover(database, access);
    } catch (error) {
      if (!(error instanceof ProcessEndedError)) throw error;
      return this.openOrRecover(database, access).catch((again: unknown) => {
        throw again instanceof ProcessEndedError ? endedError(again) : again;
      });
    }
  }

  private async openOrRecover(database: string, access: AccessMode): Promise<OpenedFile> {
    const first = await this.tryFile(database, access);
    if ('process' in first) return first;
    if (!NEEDS_RECOVERY.includes(first.code)) throw openError(first);
    await this.recover(database);
    const second = await this.tryFile(database, access);
    if ('process' in second) return second;
    throw openError(second);
  }

  /** Opening for writing and reading once is all that SQLite needs to put a file in order. */
  private async recover(database: string): Promise<void> {
    const writer = await this.tryFile(database, 'write');
    if (!('process' in writer)) throw openError(writer);
    writer.end();
  }

  private async tryFile(
    database: string,
    access: AccessMode,
  ): Promise<OpenedFile | Extract<Answer, { say: 'failed' }>> {
    const { path, identity } = await checkFile(this.folder, database);
    const process = await this.processes.start(path);
    let running = true;
    const end = (): void => {
      if (running) this.processes.end(process, path);
      running = false;
    };
    const order: Order = { do: 'open', path, identity, access };
    try {
      const answer = await process.ask(order, new CollectHandler());
      if (answer.say === 'done') return { process, end };
      end();
      return answer;
    } catch (error) {
      end();
      throw error;
    }
  }
}
