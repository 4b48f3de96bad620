import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';

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
      while (!(await linked(draft, path))) await removeStale(dataDir, `${draft}.stale`);
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
  const holder = parse(await readLock(lockPath(dataDir)));
  return holder !== undefined && (await isRunning(holder)) ? holder : undefined;
}

function lockPath(dataDir: string): string {
  return join(dataDir, 'instance.lock');
}

async function readLock(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    return undefined;
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

/** Takes the lock of a dead process away, and puts it back if a live one slipped in between looking and taking. */
async function removeStale(dataDir: string, aside: string): Promise<void> {
  const holder = await lockHolder(dataDir);
  if (holder !== undefined) throw new AlreadyRunningError(dataDir, holder.pid);
  const path = lockPath(dataDir);
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const taken = parse(await readLock(aside));
  if (taken !== undefined && (await isRunning(taken))) await linked(aside, path);
  await rm(aside, { force: true });
}
