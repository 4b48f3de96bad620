import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  joinEmbeddedServers,
  startEmbeddedServers,
  type ServersOptions,
} from '../../../src/platform/persistence/embedded/embedded-servers.js';
import {
  AlreadyRunningError,
  InstanceLock,
  lockHolder,
} from '../../../src/platform/persistence/embedded/instance-lock.js';
import { identify } from '../../../src/platform/persistence/embedded/process-identity.js';
import { ClusterProcess } from '../../support/cluster-process.js';
import { dataFolder } from '../../support/data-folder.js';

const options = (dataDir: string): ServersOptions => ({
  dataDir,
  clusters: ['management'],
  log: () => undefined,
});

it('lets only one process have a data folder, and the next one after it has ended', async () => {
  await using folder = await dataFolder();
  const owner = await ClusterProcess.start(folder.path);
  await expect(startEmbeddedServers(options(folder.path))).rejects.toMatchObject({
    name: 'AlreadyRunningError',
    message: expect.stringContaining(folder.path) as string,
  });
  await owner.stop();
  const servers = await startEmbeddedServers(options(folder.path));
  await servers.stop();
});

it('lets a command use the servers of the process that has the folder, without ending them', async () => {
  await using folder = await dataFolder();
  const owner = await ClusterProcess.start(folder.path);
  const joined = await joinEmbeddedServers(options(folder.path));
  expect(joined.url('management', 'postgres')).toBe(owner.url);
  await joined.stop();
  await expect(lockHolder(folder.path)).resolves.toBeDefined();
  await owner.stop();
});

it('starts the servers for a command when nobody has the folder, and ends them with it', async () => {
  await using folder = await dataFolder();
  const joined = await joinEmbeddedServers(options(folder.path));
  await expect(lockHolder(folder.path)).resolves.toMatchObject({ pid: process.pid });
  await joined.stop();
  await expect(lockHolder(folder.path)).resolves.toBeUndefined();
});

describe('a lock that was left behind', () => {
  const path = (dataDir: string): string => join(dataDir, 'instance.lock');

  async function deadProcess(): Promise<string> {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const identity = JSON.stringify(await identify(child.pid ?? 0));
    child.kill('SIGKILL');
    await once(child, 'exit');
    return identity;
  }

  it('does not count when its process has ended', async () => {
    await using folder = await dataFolder();
    await writeFile(path(folder.path), await deadProcess());
    const lock = await InstanceLock.acquire(folder.path);
    await lock.release();
  });

  it('does not count when its pid has been given to another process', async () => {
    await using folder = await dataFolder();
    await writeFile(path(folder.path), JSON.stringify({ pid: process.pid, startedAt: 'another boot/1' }));
    const lock = await InstanceLock.acquire(folder.path);
    await lock.release();
  });

  it('counts while its process lives', async () => {
    await using folder = await dataFolder();
    await writeFile(path(folder.path), JSON.stringify(await identify(process.pid)));
    await expect(InstanceLock.acquire(folder.path)).rejects.toMatchObject({ pid: process.pid });
  });

  it('goes to exactly one of many who find it at once', async () => {
    const dead = await deadProcess();
    for (let round = 0; round < 40; round++) {
      await using folder = await dataFolder();
      await writeFile(path(folder.path), dead);
      const tries = await Promise.allSettled(
        Array.from({ length: 12 }, async () => InstanceLock.acquire(folder.path)),
      );
      const refused = tries.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toHaveLength(11);
      expect(refused.every(({ reason }) => reason instanceof AlreadyRunningError)).toBe(true);
      expect(await readdir(folder.path)).toEqual(['instance.lock']);
    }
  });

  it('can be taken although somebody was killed who was just removing it', async () => {
    await using folder = await dataFolder();
    const [dead, remover] = [await deadProcess(), await deadProcess()];
    const permit = createHash('sha256').update(dead).digest('hex').slice(0, 12);
    await writeFile(path(folder.path), dead);
    await writeFile(`${path(folder.path)}.${permit}`, remover);
    const lock = await InstanceLock.acquire(folder.path);
    await lock.release();
    expect(await readdir(folder.path)).toEqual([]);
  });
});
