import { chown, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startEmbeddedServers } from '../../../src/platform/persistence/embedded/embedded-servers.js';
import { ClusterProcess } from '../../support/cluster-process.js';
import { dataFolder } from '../../support/data-folder.js';
import { portableCheckout } from '../../support/portable-checkout.js';

const NOBODY = 65534;

interface State {
  readonly directory: string | null;
}

async function stateOf(dataDir: string): Promise<State> {
  return JSON.parse(await readFile(join(dataDir, 'postgres', 'management.json'), 'utf8')) as State;
}

async function expectAnswers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select 1');
  } finally {
    await client.end();
  }
}

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('started by root', () => {
  it('runs PostgreSQL as another user on data that only this user may read', async () => {
    await using folder = await dataFolder();
    const owner = await ClusterProcess.start(folder.path);
    await expectAnswers(owner.url);
    const data = await stat(join(folder.path, 'postgres', 'management'));
    expect(data.uid).not.toBe(0);
    expect(data.mode & 0o077).toBe(0);
    expect(owner.logs).toEqual([]);
    await owner.stop();
  });

  it('takes binaries and data where that user gets to when checkout and data folder are closed to it', async () => {
    await using folder = await dataFolder(0o700);
    const checkout = await portableCheckout(folder.path);
    const owner = await ClusterProcess.start(folder.path, checkout);
    await expectAnswers(owner.url);
    expect(owner.logs).toEqual([
      expect.stringContaining('using the binaries in'),
      expect.stringContaining('its data goes to'),
    ]);
    expect((await stateOf(folder.path)).directory).not.toContain(folder.path);
    await owner.kill();
    const next = await ClusterProcess.start(folder.path, checkout);
    expect(next.logs).toContainEqual(expect.stringContaining('Took over'));
    await expectAnswers(next.url);
    await next.stop();
  });

  it('uses checkout and data folder where they are when they are open to that user', async () => {
    await using folder = await dataFolder(0o711);
    const checkout = await portableCheckout(folder.path);
    const owner = await ClusterProcess.start(folder.path, checkout);
    await expectAnswers(owner.url);
    expect(owner.logs).toEqual([]);
    expect((await stateOf(folder.path)).directory).toBeNull();
    await owner.stop();
  });

  it('works in the same way for a user who is not root', async () => {
    await using folder = await dataFolder(0o755);
    const checkout = await portableCheckout(folder.path);
    const dataDir = join(folder.path, 'data');
    await mkdir(dataDir);
    await chown(dataDir, NOBODY, NOBODY);
    const owner = await ClusterProcess.start(dataDir, { ...checkout, uid: NOBODY });
    await expectAnswers(owner.url);
    expect((await stat(join(dataDir, 'postgres', 'management'))).uid).toBe(NOBODY);
    await owner.kill();
    const next = await ClusterProcess.start(dataDir, { ...checkout, uid: NOBODY });
    expect(next.logs).toEqual([expect.stringContaining('Took over')]);
    await next.stop();
  });
});

describe('data that is not where it was', () => {
  const start = async (dataDir: string): Promise<void> => {
    const servers = await startEmbeddedServers({ dataDir, clusters: ['management'], log: () => undefined });
    await expectAnswers(servers.url('management', 'postgres'));
    await servers.stop();
  };

  it('moves with its data folder', async () => {
    await using folder = await dataFolder();
    const [before, after] = [join(folder.path, 'before'), join(folder.path, 'after')];
    await start(before);
    await rename(before, after);
    await start(after);
  });

  it.each([
    ['the data', 'management', /put it back, or delete .*management\.json/],
    ['its password', 'management.json', /with its password, is missing/],
  ])('is not replaced by an empty database when %s is lost', async (_, lost, reason) => {
    await using folder = await dataFolder();
    await start(folder.path);
    const path = join(folder.path, 'postgres', lost);
    const aside = join(dirname(path), 'aside');
    await rename(path, aside);
    await expect(start(folder.path)).rejects.toThrow(reason);
    await rename(aside, path);
    await start(folder.path);
  });
});
