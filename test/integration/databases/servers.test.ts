import { SandboxServersService } from '../../../src/modules/databases/sandbox-servers.service.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { configOf, openDatabases, startContext, type DatabasesWorld } from '../../support/databases-world.js';
import { askWith } from '../../support/sandbox-server.js';

let world: DatabasesWorld;

beforeAll(async () => {
  world = await openDatabases();
}, 120_000);

afterAll(async () => {
  await world.close();
});

it('knows the configured server after the first start, once, with its address sealed', async () => {
  const seed = async (): Promise<void> =>
    world.app.get(SandboxServersService, { strict: false }).ensureSeeded();
  await Promise.all([seed(), seed(), seed()]);
  const { manager } = world.app.get(Transactions, { strict: false });
  const rows = await manager.query<Record<string, unknown>[]>('select * from sandbox_server');
  const { hostname, port, password } = new URL(world.sandboxes.url);
  expect(rows).toMatchObject([{ engine: 'postgres', host: hostname, port: Number(port), status: 'active' }]);
  expect(JSON.stringify(rows)).not.toContain(password);
  const templates = await askWith(world.sandboxes)(
    null,
    "select from pg_database where datname like 'tpl\\_%' and datistemplate and not datallowconn",
  );
  expect(templates).toHaveLength(2);
});

it('refuses the server of the management database, under whatever name', async () => {
  const url = new URL(world.config.management.url);
  const other = new URL(url);
  other.hostname = 'localhost';
  other.pathname = '/postgres';
  for (const sandboxUrl of [url.toString(), other.toString()]) {
    const app = await startContext(configOf(url.toString(), sandboxUrl));
    const servers = app.get(SandboxServersService, { strict: false });
    await expect(servers.ensureSeeded()).rejects.toThrow(/names the server of the management database/);
    await app.close();
  }
});

it('refuses a login that could not close a database well enough, and says so', async () => {
  const ask = askWith(world.sandboxes);
  const url = new URL(world.sandboxes.url);
  url.username = `weak_${String(process.pid)}`;
  url.password = 'weak';
  await ask(null, `create role ${url.username} login createdb createrole password 'weak'`);
  await ask(null, `grant connect on database postgres to ${url.username}`);
  const app = await startContext(configOf(world.config.management.url, url.toString()));
  const servers = app.get(SandboxServersService, { strict: false });
  await expect(servers.ensureSeeded()).rejects.toThrow(/its login is no superuser/);
  await app.close();
  await ask(null, `drop owned by ${url.username}`);
  await ask(null, `drop role ${url.username}`);
});

it('answers a ping while the server does', async () => {
  await world.app.get(SandboxServersService, { strict: false }).ping();
});
