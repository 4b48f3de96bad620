import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { EngineDriver, EngineError, EngineSession, Target } from '../../src/engines/engine.js';
import { SqliteDriver } from '../../src/engines/sqlite/sqlite-driver.js';
import { only, runIn } from './engine.contract.js';

export const targetOf = (database: string): Target => ({
  host: '',
  port: 0,
  database,
  username: '',
  password: '',
  tls: { mode: 'off' },
});

/** Runs until somebody ends it. */
export const ENDLESS =
  'with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r';

const folders: string[] = [];

export async function newFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sqlite-')));
  folders.push(folder);
  return folder;
}

/** A file as somebody else made it, with whatever is in it. */
export function makeFile(path: string, sql = 'create table written (at int)'): string {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return path;
}

/** Ends the processes that read files, as a machine short of memory does. */
export async function endChildren(): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', [
    '-ww',
    '-o',
    'pid=,args=',
    '--ppid',
    String(process.pid),
  ]);
  for (const line of stdout
    .split('\n')
    .filter((found) => found.includes(join('sqlite', 'child', 'main.js')))) {
    process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL');
  }
}

export const problemOf = async (work: Promise<unknown>): Promise<EngineError['problem'] | null> =>
  work.then(
    () => null,
    (error: unknown) => (error as EngineError).problem,
  );

export async function removeFolders(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** A driver on a folder of its own. */
export class SqliteWorld {
  private constructor(
    readonly folder: string,
    readonly driver: EngineDriver,
    readonly target: Target,
  ) {}

  static async make(): Promise<SqliteWorld> {
    const folder = await newFolder();
    return new SqliteWorld(folder, new SqliteDriver(folder), targetOf(makeFile(join(folder, 'first.db'))));
  }

  /** Another file, made with this SQL. */
  file(sql?: string): Target {
    const path = join(dirname(this.target.database), `${Math.random().toString(36).slice(2)}.db`);
    return targetOf(makeFile(path, sql));
  }

  /** A session that may write, on a file of its own. */
  async open(sql: string): Promise<EngineSession> {
    return this.driver.open(this.file(sql), 'write');
  }

  async rows(session: EngineSession, text: string): Promise<unknown[][]> {
    return (await runIn(session, only(this.driver, text))).sink.rows();
  }

  async write(session: EngineSession, ...texts: readonly string[]): Promise<void> {
    for (const text of texts) await runIn(session, only(this.driver, text));
  }

  async end(): Promise<void> {
    await this.driver.close();
    await removeFolders();
  }
}
