import type { Actor } from '../../../src/platform/access/actor.js';
import { EngineRegistry } from '../../../src/engines/engine-registry.js';
import { SandboxServersService } from '../../../src/modules/databases/sandbox-servers.service.js';
import type { DatabaseCredentials } from '../../../src/modules/databases/databases.view.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { makeActor } from '../../factories/people.js';
import {
  databasesOf,
  openDatabases,
  type DatabaseServices,
  type DatabasesWorld,
} from '../../support/databases-world.js';
import { mariadbClient } from '../../support/mysql-sandbox.js';
import { describeOnMysql } from '../../support/servers.js';

const IDLE_MS = 61 * 60_000;

describeOnMysql('databases on', (server) => {
  let world: DatabasesWorld;
  let actor: Actor;
  let on: DatabaseServices;

  beforeAll(async () => {
    world = await openDatabases({ SANDBOX_MYSQL_URL: server.url });
    on = databasesOf(world.app);
  }, 120_000);

  beforeEach(async () => {
    actor = await makeActor(world.app);
  });

  afterAll(async () => {
    await world.close();
  });

  const make = async (name: string, template: 'blank' | 'sample' = 'blank'): Promise<DatabaseCredentials> =>
    on.pages.credentials(await on.creation.create(actor, { name, engine: 'mysql', template }));

  const client = async ({ connection }: DatabaseCredentials, sql: string): Promise<string> => {
    const { username: user, password, database } = connection;
    return mariadbClient(server, { user, password, database }, sql);
  };

  it('are made with what was shown to a foreign client, in the usual encoding', async () => {
    const made = await make('shop', 'sample');
    expect(made).toMatchObject({ engine: 'mysql', connection: { host: 'localhost' } });
    expect(made.connection.username.length).toBeLessThanOrEqual(32);
    expect(await client(made, 'select count(*) from order_lines')).toBe('50001');
    expect(await client(made, 'select @@collation_database')).toBe('utf8mb4_unicode_ci');
    const page = await on.pages.show(actor, made.id, 'overview');
    expect(page).toMatchObject({
      engine: 'mysql',
      engineName: expect.stringMatching(/^(?:MariaDB|MySQL) \d+\.\d+$/) as string,
      clientName: 'MySQL',
      encoding: 'utf8mb4, utf8mb4_unicode_ci',
    });
    expect(page.strings.map(({ id }) => id)).toEqual(['uri', 'mysql', 'jdbc', 'env']);
  });

  it('are made in the encoding that was chosen, and in none that is not offered', async () => {
    const wanted = { engine: 'mysql', template: 'blank' } as const;
    const record = await on.creation.create(actor, { ...wanted, name: 'latin', collation: 'latin1_bin' });
    expect(record).toMatchObject({ characterSet: 'latin1', textCollation: 'latin1_bin' });
    expect(await client(await on.pages.credentials(record), 'select @@character_set_database')).toBe(
      'latin1',
    );
    const set = await on.creation.create(actor, { ...wanted, name: 'ascii', characterSet: 'ascii' });
    expect(set.textCollation).toBe('ascii_general_ci');
    for (const given of [{ collation: 'klingon_ci' }, { characterSet: 'latin1', collation: 'utf8mb4_bin' }]) {
      await expect(on.creation.create(actor, { ...wanted, name: 'x', ...given })).rejects.toMatchObject({
        kind: 'invalid',
        fields: { collation: expect.any(String) as string },
      });
    }
    await expect(
      on.creation.create(actor, { name: 'x', engine: 'postgres', template: 'blank', collation: 'C' }),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('stop, start, and cut off who is connected', async () => {
    const made = await make('paused');
    const cut = client(made, 'select sleep(30)').then(
      () => 'answered',
      (error: unknown) => String(error),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await on.lifecycle.stop(actor, made.id);
    expect(await cut).toMatch(/Lost connection|Connection was killed|gone away/);
    await expect(client(made, 'select 1')).rejects.toThrow(/4151|3118|locked/i);
    await on.lifecycle.start(actor, made.id);
    expect(await client(made, 'select 1')).toBe('1');
  });

  it('are cloned with their rows, and come back after they were deleted', async () => {
    const made = await make('kept');
    await client(made, 'create table notes (n int); insert into notes values (42)');
    const copy = await on.pages.credentials(await on.creation.clone(actor, made.id, 'copy'));
    expect(await client(copy, 'select n from notes')).toBe('42');
    expect(await client(made, 'select n from notes')).toBe('42');
    await on.lifecycle.remove(actor, made.id, 'kept');
    await expect(client(made, 'select 1')).rejects.toThrow();
    await on.creation.restore(actor, made.id);
    expect(await client(made, 'select n from notes')).toBe('42');
  });

  it('get new passwords, begin anew, and are gone for good in the end', async () => {
    const made = await make('anew', 'sample');
    const fresh = await on.pages.credentials(await on.creation.rotate(actor, made.id));
    await expect(client(made, 'select 1')).rejects.toThrow(/1045/);
    await client(fresh, 'delete from order_lines');
    await on.lifecycle.reset(actor, made.id);
    expect(await client(fresh, 'select count(*) from order_lines')).toBe('50001');
    await on.lifecycle.remove(actor, made.id, 'anew');
    world.clock.advance(31 * 86_400_000);
    await on.upkeep.purge(world.clock.now());
    await expect(client(fresh, 'select 1')).rejects.toThrow(/1045/);
    expect(await on.rows.find(actor.tenantId, made.id)).toBeUndefined();
  });

  it('are measured, repaired, and stopped when nobody uses them', async () => {
    const made = await make('looked_after', 'sample');
    await client(made, "set password = password('my own')");
    await on.upkeep.reconcile(world.clock.now());
    expect(await client(made, 'select 1')).toBe('1');
    await on.upkeep.measure(world.clock.now());
    const row = await on.pages.row(actor, made.id);
    expect(row.sizeBytes).toBeGreaterThan(1_000_000);
    world.clock.advance(IDLE_MS);
    await on.upkeep.stopIdle(world.clock.now());
    expect((await on.pages.row(actor, made.id)).status).toBe('stopped');
  });

  it('run statements with the login that the server holds to its rights', async () => {
    const made = await make('asked', 'sample');
    const driver = world.app.get(EngineRegistry, { strict: false }).get('mysql');
    const target = await on.databases.runTarget(actor, made.id);
    await using session = await driver.open(target.read, 'read');
    const [statement] = driver.analyse('select count(*) from orders').statements;
    if (statement === undefined) throw new Error('There is no statement.');
    let rows = 0;
    const sink = { columns: () => undefined, row: () => void (rows += 1) };
    const limits = { maxRows: 10, maxBytes: 1000, maxCellBytes: 100, timeoutMs: 5000 };
    await session.run(statement, limits, sink, new AbortController().signal);
    expect(rows).toBe(1);
    await expect(
      session.run({ ...statement, text: 'delete from orders' }, limits, sink, new AbortController().signal),
    ).rejects.toMatchObject({ problem: { code: '1142' } });
  });

  it('go to the server with most room, or to the one that was asked for', async () => {
    const servers = world.app.get(SandboxServersService, { strict: false });
    const { manager } = world.app.get(Transactions, { strict: false });
    const first = await servers.choose('mysql');
    await manager.query(
      `insert into sandbox_server (id, engine, name, host, port, version, sealed_admin_url, status, created_at, capacity)
       select '00000000-0000-7000-8000-0000000000ff', engine, 'mysql-2', host, port + 1, version, sealed_admin_url, status,
              created_at, 5000 from sandbox_server where id = $1`,
      [first.id],
    );
    const second = await servers.choose('mysql');
    expect(second.name).toBe('mysql-2');
    expect((await servers.choose('mysql', first.id)).name).toBe('mysql-1');
    await expect(servers.choose('postgres', first.id)).rejects.toMatchObject({
      fields: { serverId: expect.any(String) as string },
    });
    await manager.query("update sandbox_server set capacity = 0 where engine = 'mysql'");
    await expect(servers.choose('mysql')).rejects.toMatchObject({ code: 'no_sandbox_server' });
    await manager.query("delete from sandbox_server where name = 'mysql-2'");
    await manager.query("update sandbox_server set capacity = 1000 where engine = 'mysql'");
  });
});
