import { PostgresProvisioner } from '../../src/engines/postgres/provisioner.js';
import {
  asReader,
  asWriter,
  askWith,
  connect,
  prepareServer,
  runSteps,
  sandboxSpec,
  withClient,
} from '../support/sandbox-server.js';
import { postgresServers } from '../support/servers.js';

const provisioner = new PostgresProvisioner();
const { inspector } = provisioner;

describe.each(postgresServers())('what is found and repaired on $name', (server) => {
  const spec = sandboxSpec();
  const stranger = sandboxSpec();
  const { database, writeLogin, readLogin } = spec;
  const ask = askWith(server);

  beforeAll(async () => {
    await prepareServer(server, provisioner);
    await runSteps(server, provisioner.create(spec, 'blank'));
    await runSteps(server, provisioner.create(stranger, 'blank'));
  }, 120_000);

  afterAll(async () => {
    for (const one of [spec, stranger]) await runSteps(server, provisioner.drop(one));
  });

  const found = async (): Promise<string[]> =>
    (await inspector.deviations(ask, spec, 'running')).map(({ what }) => what);

  async function repair(): Promise<void> {
    for (const deviation of await inspector.deviations(ask, spec, 'running')) {
      await runSteps(server, deviation.repair);
    }
  }

  it('finds nothing wrong with what was just made', async () => {
    expect(await found()).toEqual([]);
  });

  it.each([
    ['write login: password', `alter role ${writeLogin} password 'my own'`],
    ['read login: password', `alter role ${readLogin} password null`],
    ['write login: may not sign in', `alter role ${writeLogin} nologin`],
    ['read login: attributes', `alter role ${readLogin} createdb valid until '2020-01-01'`],
    ['write login: connection limit', `alter role ${writeLogin} connection limit -1`],
    ['read login: settings', `alter role ${readLogin} set statement_timeout = 0`],
    ['write login: settings', `alter role ${writeLogin} in database ${database} set work_mem = '1GB'`],
    ['write login: memberships', `grant pg_monitor to ${writeLogin}`],
    ['write login: memberships', `grant ${writeLogin} to ${stranger.writeLogin}`],
    ['read login: marker', `comment on role ${readLogin} is null`],
    ['database: owner', `alter database ${database} owner to ${writeLogin}`],
    ['database: privileges', `grant connect on database ${database} to public`],
    ['database: privileges', `grant temporary on database ${database} to ${readLogin}`],
    ['database: privileges', `grant connect on database ${database} to ${stranger.readLogin}`],
    ['database: privileges', `revoke connect on database ${database} from ${readLogin}`],
    ['database: connections', `alter database ${database} connection limit 3`],
    ['database: marker', `comment on database ${database} is 'something else'`],
  ])('repairs %s after: %s', async (what, sql) => {
    await ask(null, sql);
    expect(await found()).toContain(what);
    await repair();
    expect(await found()).toEqual([]);
    await withClient(server, asWriter(spec), async (client) => client.query('select 1'));
    await withClient(server, asReader(spec), async (client) => client.query('select 1'));
  });

  it.each([
    ['schema public: owner', `alter schema public owner to ${writeLogin}`],
    ['schema public: privileges', 'grant create on schema public to public'],
    ['schema public: privileges', `revoke usage on schema public from ${readLogin}`],
    [
      'default privileges',
      `alter default privileges for role ${writeLogin} revoke select on tables from ${readLogin}`,
    ],
    [
      'default privileges',
      `alter default privileges for role ${writeLogin} grant execute on routines to public`,
    ],
  ])('repairs inside the database: %s after: %s', async (what, sql) => {
    await ask(database, sql);
    expect(await found()).toContain(what);
    await repair();
    expect(await found()).toEqual([]);
  });

  it('repairs what a login did to itself: its password and its own limits', async () => {
    await withClient(server, asWriter(spec), async (client) =>
      client.query(`alter role current_user password 'mine now'; alter role current_user set statement_timeout = 0;
                    alter default privileges revoke select on tables from ${readLogin}`),
    );
    expect(await found()).toEqual(['write login: password', 'write login: settings', 'default privileges']);
    await repair();
    await expect(
      withClient(server, { ...asWriter(spec), password: 'mine now' }, async (client) =>
        client.query('select'),
      ),
    ).rejects.toMatchObject({ code: '28P01' });
    expect(await found()).toEqual([]);
  });

  it('closes a stopped database that somebody opened', async () => {
    await runSteps(server, provisioner.stop(spec));
    expect(await inspector.deviations(ask, spec, 'stopped')).toEqual([]);
    await runSteps(server, provisioner.start(spec));
    const open = await connect(server, asWriter(spec));
    const wrong = await inspector.deviations(ask, spec, 'stopped');
    expect(wrong.map(({ what }) => what)).toEqual([
      'write login: may sign in',
      'read login: may sign in',
      'database: connections',
      'database: sessions',
    ]);
    for (const { repair: steps } of wrong) await runSteps(server, steps);
    await expect(open.query('select 1')).rejects.toThrow();
    expect(await inspector.deviations(ask, spec, 'stopped')).toEqual([]);
    await runSteps(server, provisioner.start(spec));
  });

  it('says what is missing and cannot be repaired', async () => {
    const gone = sandboxSpec();
    expect(await inspector.deviations(ask, gone, 'running')).toEqual([
      { what: 'write login: missing', repair: [] },
      { what: 'read login: missing', repair: [] },
      { what: 'database: missing', repair: [] },
    ]);
  });

  it('lists what carries a marker of ours, by database and login', async () => {
    const names = (await inspector.marked(ask, stranger.marker)).map(({ kind, name }) => [kind, name]);
    expect(names).toEqual([
      ['database', stranger.database],
      ['login', stranger.writeLogin],
      ['login', stranger.readLogin],
    ]);
  });

  it('ends statements and transactions over the limit, which a login lifted for itself', async () => {
    await withClient(server, asWriter(spec), async (client) => {
      await client.query('set statement_timeout = 0');
      const long = expect(client.query('select pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const generous = { statementMs: 60_000, idleInTransactionMs: 60_000 };
      expect(await inspector.endOverdue(ask, generous)).toBe(0);
      expect(await inspector.endOverdue(ask, { ...generous, statementMs: 100 })).toBe(1);
      await long;
    });
  });

  it('counts the sessions of the logins, and how long they have been idle', async () => {
    const names = [spec, stranger];
    expect(await inspector.activity(ask, names)).toEqual([]);
    await withClient(server, asReader(spec), async (client) => {
      await client.query('select 1');
      const [idle] = await inspector.activity(ask, names);
      expect(idle).toMatchObject({ database, connections: 1 });
      expect(idle?.idleMs).toBeLessThan(5000);
      await client.query("set application_name = 'clouddb-manager'");
      expect(await inspector.activity(ask, names)).toEqual([]);
    });
  });

  it('knows the cluster and the sizes', async () => {
    const { clusterId, version, obstacle } = await inspector.identify(ask);
    expect(clusterId).toMatch(/^\d+$/);
    expect(version).toMatch(/^\d+/);
    expect(obstacle).toBeNull();
    const sizes = await inspector.sizes(ask, [database, 'db_no_such']);
    expect([...sizes.keys()]).toEqual([database]);
    expect(sizes.get(database)).toBeGreaterThan(1_000_000);
  });
});
