import { createServer, type Server } from 'node:net';
import { startEmbeddedServers } from '../../../src/platform/persistence/embedded/embedded-servers.js';
import { dataFolder } from '../../support/data-folder.js';

async function startAndStop(dataDir: string): Promise<{ port: number; logs: string[] }> {
  const logs: string[] = [];
  const servers = await startEmbeddedServers({
    dataDir,
    clusters: ['management'],
    log: (message) => logs.push(message),
  });
  const port = Number(new URL(servers.url('management', 'postgres')).port);
  await servers.stop();
  return { port, logs };
}

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

it('avoids a port that another program has taken meanwhile, and then stays where it went', async () => {
  await using folder = await dataFolder();
  const first = await startAndStop(folder.path);
  const occupant = await occupy(first.port);
  const second = await startAndStop(folder.path);
  await new Promise((resolve) => occupant.close(resolve));
  const third = await startAndStop(folder.path);
  expect(second.port).not.toBe(first.port);
  expect(second.logs).toEqual([
    `Port ${String(first.port)} of the management PostgreSQL is taken: using ${String(second.port)}.`,
  ]);
  expect(third.port).toBe(second.port);
});

it('keeps its port as long as it is free', async () => {
  await using folder = await dataFolder();
  const first = await startAndStop(folder.path);
  const second = await startAndStop(folder.path);
  expect(second).toEqual({ port: first.port, logs: [] });
});
