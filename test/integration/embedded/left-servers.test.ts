import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedCluster } from '../../../src/platform/persistence/embedded/embedded-cluster.js';
import {
  identify,
  type ProcessIdentity,
} from '../../../src/platform/persistence/embedded/process-identity.js';
import {
  MANAGEMENT_SETTINGS,
  type ServerSettings,
} from '../../../src/platform/persistence/embedded/server-settings.js';
import { ClusterProcess } from '../../support/cluster-process.js';
import { dataFolder } from '../../support/data-folder.js';

async function startCluster(
  dataDir: string,
  settings: ServerSettings = MANAGEMENT_SETTINGS,
): Promise<{ cluster: EmbeddedCluster; logs: string[] }> {
  const logs: string[] = [];
  const cluster = await EmbeddedCluster.start({
    name: 'management',
    dataDir,
    superuser: 'clouddb_owner',
    settings,
    log: (message) => logs.push(message),
  });
  return { cluster, logs };
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return Object.values(((await client.query(sql)).rows as object[])[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

async function postmasterOf(dataDir: string): Promise<ProcessIdentity> {
  const text = await readFile(join(dataDir, 'postgres', 'management', 'postmaster.pid'), 'utf8');
  const found = await identify(Number(text.split('\n')[0]));
  if (found === undefined) throw new Error('No server runs.');
  return found;
}

/** A cluster with one row in it, whose process was killed while its server went on. */
async function leaveServer(dataDir: string): Promise<ProcessIdentity> {
  const owner = await ClusterProcess.start(dataDir);
  await ask(owner.url, 'create table kept as select 42 as answer');
  await owner.kill();
  return postmasterOf(dataDir);
}

const answer = 'select answer from kept';

it('takes over the server that a killed process left running', async () => {
  await using folder = await dataFolder();
  const left = await leaveServer(folder.path);
  const { cluster, logs } = await startCluster(folder.path);
  expect(cluster.pid).toBe(left.pid);
  expect(logs).toEqual([expect.stringContaining('Took over')]);
  await expect(ask(cluster.databaseUrl('postgres'), answer)).resolves.toBe(42);
  await cluster.stop();
  await expect(identify(left.pid)).resolves.toBeUndefined();
});

it('replaces a left server that runs with other settings than wanted now', async () => {
  await using folder = await dataFolder();
  const left = await leaveServer(folder.path);
  const { cluster } = await startCluster(folder.path, { ...MANAGEMENT_SETTINGS, max_connections: '33' });
  expect(cluster.pid).not.toBe(left.pid);
  await expect(identify(left.pid)).resolves.toBeUndefined();
  await expect(ask(cluster.databaseUrl('postgres'), 'show max_connections')).resolves.toBe('33');
  await expect(ask(cluster.databaseUrl('postgres'), answer)).resolves.toBe(42);
  await cluster.stop();
});

it('keeps what was committed when the server was killed too', async () => {
  await using folder = await dataFolder();
  const left = await leaveServer(folder.path);
  process.kill(left.pid, 'SIGKILL');
  const { cluster } = await startCluster(folder.path);
  expect(cluster.pid).not.toBe(left.pid);
  await expect(ask(cluster.databaseUrl('postgres'), answer)).resolves.toBe(42);
  await cluster.stop();
});

it('starts a server again that dies while it is watched, at the same address', async () => {
  await using folder = await dataFolder();
  const { cluster, logs } = await startCluster(folder.path);
  const killed = cluster.pid;
  process.kill(killed, 'SIGKILL');
  const deadline = performance.now() + 20_000;
  while (cluster.pid === killed && performance.now() < deadline)
    await new Promise((next) => setTimeout(next, 100));
  expect(cluster.pid).not.toBe(killed);
  expect(logs).toContainEqual(expect.stringContaining('ended unexpectedly'));
  await expect(ask(cluster.databaseUrl('postgres'), 'select 1')).resolves.toBe(1);
  await cluster.stop();
});

describe('a postmaster.pid with the pid of somebody else', () => {
  async function plant(dataDir: string, pid: number): Promise<void> {
    const { cluster } = await startCluster(dataDir);
    const path = join(cluster.directory, 'postmaster.pid');
    const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
    await cluster.stop();
    await writeFile(path, [String(pid), ...rest].join('\n'));
  }

  it('does not cost a foreign program its life', async () => {
    await using folder = await dataFolder();
    const foreign = spawn('sleep', ['60'], { stdio: 'ignore' });
    if (foreign.pid === undefined) throw new Error('There is no program sleep.');
    await plant(folder.path, foreign.pid);
    const { cluster } = await startCluster(folder.path);
    expect(cluster.pid).not.toBe(foreign.pid);
    expect(foreign.exitCode ?? foreign.signalCode).toBeNull();
    foreign.kill();
    await cluster.stop();
  });

  it('does not cost the server of another data folder its life', async () => {
    await using folder = await dataFolder();
    await using elsewhere = await dataFolder();
    const other = (await startCluster(elsewhere.path)).cluster;
    await plant(folder.path, other.pid);
    const { cluster } = await startCluster(folder.path);
    expect(cluster.pid).not.toBe(other.pid);
    await expect(ask(other.databaseUrl('postgres'), 'select 1')).resolves.toBe(1);
    await Promise.all([cluster.stop(), other.stop()]);
  });
});
