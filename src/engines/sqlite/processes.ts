import { engineError } from '../engine-error.js';
import { SqliteProcess } from './child-process.js';

/** Processes at a time in all, and on one file: each takes some 50 MB and a core. */
const MAX_PROCESSES = 12;
const MAX_PER_FILE = 4;
const WAIT_MS = 10_000;
const SPARE_MS = 60_000;

interface Waiter {
  readonly path: string;
  take(): void;
  fail(error: Error): void;
}

/** Starts processes, never more than the machine can bear, and keeps one ready for whoever comes next. */
export class SqliteProcesses {
  private readonly running = new Map<string, number>();
  private readonly waiting: Waiter[] = [];
  private readonly processes = new Set<SqliteProcess>();
  private spare: { readonly process: SqliteProcess; readonly timer: NodeJS.Timeout } | null = null;
  private closed = false;

  /** A process that has opened nothing yet. It must be given back with `end`. */
  async start(path: string): Promise<SqliteProcess> {
    await this.admit(path);
    try {
      const process = (await this.readySpare()) ?? this.make();
      await process.ready();
      this.keepSpare();
      return process;
    } catch (error) {
      this.leave(path);
      throw engineError('connection_failed', 'The process that reads the file did not start.', error);
    }
  }

  /** Ends a process; nothing of it is ever used for another session. */
  end(process: SqliteProcess, path: string): void {
    this.processes.delete(process);
    process.kill();
    this.leave(path);
  }

  close(): void {
    this.closed = true;
    this.dropSpare();
    for (const process of this.processes) process.kill();
    const error = engineError('connection_failed', 'The engine was closed.');
    for (const waiter of this.waiting.splice(0)) waiter.fail(error);
  }

  private make(): SqliteProcess {
    const process = new SqliteProcess();
    this.processes.add(process);
    return process;
  }

  /** The one that waited, unless it was ended meanwhile. */
  private async readySpare(): Promise<SqliteProcess | null> {
    const spare = this.takeSpare();
    if (spare === null) return null;
    try {
      await spare.ready();
      return spare;
    } catch {
      this.processes.delete(spare);
      return null;
    }
  }

  private takeSpare(): SqliteProcess | null {
    const spare = this.spare?.process ?? null;
    if (this.spare !== null) clearTimeout(this.spare.timer);
    this.spare = null;
    return spare?.alive === true ? spare : null;
  }

  private keepSpare(): void {
    if (this.closed || this.spare !== null) return;
    const timer = setTimeout(() => {
      this.dropSpare();
    }, SPARE_MS).unref();
    this.spare = { process: this.make(), timer };
  }

  private dropSpare(): void {
    const spare = this.takeSpare();
    if (spare === null) return;
    this.processes.delete(spare);
    spare.kill();
  }

  private async admit(path: string): Promise<void> {
    if (this.closed) throw engineError('connection_failed', 'The engine was closed.');
    if (!this.mayStart(path)) await this.wait(path);
    this.running.set(path, (this.running.get(path) ?? 0) + 1);
  }

  private mayStart(path: string): boolean {
    const all = [...this.running.values()].reduce((sum, count) => sum + count, 0);
    return all < MAX_PROCESSES && (this.running.get(path) ?? 0) < MAX_PER_FILE;
  }

  private async wait(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        path,
        take: () => {
          clearTimeout(timer);
          resolve();
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(engineError('too_many_connections', 'All processes for SQLite files are in use.'));
      }, WAIT_MS);
      this.waiting.push(waiter);
    });
  }

  private leave(path: string): void {
    const left = (this.running.get(path) ?? 1) - 1;
    if (left === 0) this.running.delete(path);
    else this.running.set(path, left);
    const next = this.waiting.findIndex((waiter) => this.mayStart(waiter.path));
    if (next >= 0) this.waiting.splice(next, 1)[0]?.take();
  }
}
