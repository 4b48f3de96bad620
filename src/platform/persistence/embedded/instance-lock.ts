import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';

/** What removing a stale lock takes at most, when another process is at it. */
const REMOVAL_MS = 10;

/** Another live process works on the same data directory. */
export class AlreadyRunningError extends Error {
  constructor(
    readonly dataDir: string,
    readonly pid: number,
  ) {
    super(`CloudDB Manager is already running on ${dataDir} (pid ${String(pid)}).`);
    this.name = 'AlreadyRunningError';
  }
}

/** Says that this process, and no other, works on a data directory. A lock of a process that is gone does not count. */
export class InstanceLock {
  private constructor(
    private readonly path: string,
    private readonly content: string,
  ) {}

  static async acquire(dataDir: string): Promise<InstanceLock> {
    await mkdir(dataDir, { recursive: true, mode: 0o711 });
    const path = lockPath(dataDir);
    const content = JSON.stringify(await identify(process.pid));
    // A hard link appears with its content in one step; writing the lock in place could be read half-written.
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, content, { mode: 0o600 });
    try {
      const holder = await claim(draft, path);
      if (holder !== undefined) throw new AlreadyRunningError(dataDir, holder.pid);
    } finally {
      await rm(draft, { force: true });
    }
    return new InstanceLock(path, content);
  }

  async release(): Promise<void> {
    if ((await readLock(this.path)) === this.content) await rm(this.path, { force: true });
  }
}

/** The live process that holds the data directory. */
export async function lockHolder(dataDir: string): Promise<ProcessIdentity | undefined> {
  const content = await readLock(lockPath(dataDir));
  return content === undefined ? undefined : liveProcess(content);
}

function lockPath(dataDir: string): string {
  return join(dataDir, 'instance.lock');
}

/** Puts the lock in place, or answers the live process that has it. */
async function claim(draft: string, path: string): Promise<ProcessIdentity | undefined> {
  while (!(await linked(draft, path))) {
    const content = await readLock(path);
    if (content === undefined) continue; // given free meanwhile
    const holder = await liveProcess(content);
    if (holder !== undefined) return holder;
    await removeStale(draft, path, content);
  }
  return undefined;
}

/**
 * Several may find the lock of a dead process at once, and the last of them must not take away what the first has put in
 * its place. So a lock is removed only by who holds the permit for exactly its content, which no later lock has again.
 */
async function removeStale(draft: string, path: string, content: string): Promise<void> {
  const permit = `${path}.${createHash('sha256').update(content).digest('hex').slice(0, 12)}`;
  if ((await claim(draft, permit)) !== undefined) {
    await sleep(REMOVAL_MS);
    return;
  }
  if ((await readLock(path)) === content) await rm(path);
  await rm(permit);
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function liveProcess(content: string): Promise<ProcessIdentity | undefined> {
  const holder = parse(content);
  return holder !== undefined && (await isRunning(holder)) ? holder : undefined;
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    return undefined; // no lock of ours was ever written like this
  }
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
