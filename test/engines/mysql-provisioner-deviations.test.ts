import { MysqlProvisioner } from '../../src/engines/mysql/provisioner.js';
import type { SandboxState, ServerAdmin } from '../../src/engines/provisioning.js';
import { asReader, asWriter, connectAs, withLogin } from '../support/mysql-sandbox.js';
import { sandboxSpec } from '../support/sandbox-server.js';
import { describeOnMysql } from '../support/servers.js';

const provisioner = new MysqlProvisioner();
const { inspector } = provisioner;
const PREFIX = 'clouddb-manager test';

describeOnMysql('what is found and repaired on', (server) => {
  const spec = sandboxSpec();
  const stranger = sandboxSpec();
  const { database, writeLogin, readLogin } = spec;
  let admin: ServerAdmin;

  beforeAll(async () => {
    admin = provisioner.connect(server.url);
    await admin.locked(1, async () => admin.run(provisioner.prepareServer()));
    await admin.run(provisioner.create(spec, 'blank'));
    await admin.run(provisioner.create(stranger, 'blank'));
  }, 120_000);

  afterAll(async () => {
    for (const one of [spec, stranger]) await admin.run(provisioner.drop(one));
    await admin.close();
  });

  const found = async (state: SandboxState = 'running'): Promise<string[]> =>
    (await inspector.deviations(admin.ask, spec, state)).map(({ what }) => what);

  async function repair(state: SandboxState = 'running'): Promise<void> {
    for (const deviation of await inspector.deviations(admin.ask, spec, state))
      await admin.run(deviation.repair);
  }

  it('finds nothing wrong with what was just made', async () => {
    expect(await found()).toEqual([]);
  });

  it.each([
    ['write login: password', `set password for '${writeLogin}'@'%' = password('my own')`],
    ['write login: may not sign in', `alter user '${writeLogin}'@'%' account lock`],
    ['read login: limits', `alter user '${readLogin}'@'%' with max_user_connections 0`],
    ['read login: limits', `alter user '${readLogin}'@'%' with max_statement_time 0`],
    [
      'read login: privileges',
      `grant insert on \`${database.replaceAll('_', '\\_')}\`.* to '${readLogin}'@'%'`,
    ],
    ['read login: privileges', `grant select on \`${database}\`.* to '${readLogin}'@'%'`],
    ['read login: privileges', `grant process on *.* to '${readLogin}'@'%'`],
    ['write login: privileges', `grant select on ${stranger.database}.* to '${writeLogin}'@'%'`],
    ['write login: privileges', `grant select on mysql.db to '${writeLogin}'@'%'`],
    ['write login: privileges', `grant select (user) on mysql.db to '${writeLogin}'@'%'`],
    [
      'write login: privileges',
      `revoke insert on \`${database.replaceAll('_', '\\_')}\`.* from '${writeLogin}'@'%'`,
    ],
    ['read login: marker', `delete from clouddb_platform.sandbox_object where name = '${readLogin}'`],
    [
      'database: marker',
      `update clouddb_platform.sandbox_object set marker = 'x' where name = '${database}'`,
    ],
    ['database: missing', `drop database ${database}`],
  ])('repairs %s after: %s', async (what, sql) => {
    await admin.ask(null, sql);
    expect(await found()).toContain(what);
    await repair();
    expect(await found()).toEqual([]);
    await withLogin(
      server,
      asWriter(spec),
      'create table t (a int)',
      'insert into t values (1)',
      'drop table t',
    );
    await withLogin(server, asReader(spec), 'show tables');
    await expect(withLogin(server, asReader(spec), 'create table t (a int)')).rejects.toMatchObject({
      errno: 1142,
    });
  });

  it('takes a role away that a login was given', async () => {
    await admin.ask(null, 'create role clouddb_test_role');
    await admin.ask(null, `grant clouddb_test_role to '${writeLogin}'@'%'`);
    expect(await found()).toEqual(['write login: privileges']);
    await repair();
    await admin.ask(null, 'drop role clouddb_test_role');
    expect(await found()).toEqual([]);
  });

  it('finds the password that a login gave itself', async () => {
    await withLogin(server, asReader(spec), "set password = password('my own')");
    expect(await found()).toEqual(['read login: password']);
    await repair();
    expect(await withLogin(server, asReader(spec), 'select 1')).toEqual([[1]]);
  });

  it('says that a login is missing, and has no repair for that', async () => {
    await admin.ask(null, `drop user '${stranger.readLogin}'@'%'`);
    const [missing] = await inspector.deviations(admin.ask, stranger, 'running');
    expect(missing).toEqual({ what: 'read login: missing', repair: [] });
  });

  it('compares a stopped database with what stopped means', async () => {
    const session = await connectAs(server, asWriter(spec));
    expect(await found('stopped')).toEqual([
      'write login: may sign in',
      'read login: may sign in',
      'database: sessions',
    ]);
    await repair('stopped');
    await expect(session.query('select 1')).rejects.toThrow();
    expect(await found('stopped')).toEqual([]);
    await admin.run(provisioner.start(spec));
    expect(await found()).toEqual([]);
  });

  it('holds rights to the quota', async () => {
    const over = { ...spec, overQuota: true };
    const what = (await inspector.deviations(admin.ask, over, 'running')).map((deviation) => deviation.what);
    expect(what).toEqual(['write login: privileges']);
    await admin.run(provisioner.grant(over));
    expect(await inspector.deviations(admin.ask, over, 'running')).toEqual([]);
    await repair();
    expect(await found()).toEqual([]);
  });

  it('lists what carries a marker, and removes it', async () => {
    const orphan = sandboxSpec();
    await admin.run(provisioner.create(orphan, 'blank'));
    const marked = await inspector.marked(admin.ask, `${PREFIX} ${orphan.database}`);
    expect(marked.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      `database ${orphan.database}`,
      `login ${orphan.readLogin}`,
      `login ${orphan.writeLogin}`,
    ]);
    for (const object of marked) await admin.run(inspector.removal(object));
    expect(await inspector.marked(admin.ask, `${PREFIX} ${orphan.database}`)).toEqual([]);
    await expect(connectAs(server, asWriter(orphan))).rejects.toMatchObject({ errno: 1045 });
  });

  it('measures databases, and leaves out those that are not there', async () => {
    await withLogin(
      server,
      asWriter(spec),
      'create table large (a longtext)',
      "insert into large select repeat('x', 3000000)",
      'analyze table large',
    );
    const sizes = await inspector.sizes(admin.ask, [database, 'db_absent']);
    expect([...sizes.keys()]).toEqual([database]);
    expect(sizes.get(database)).toBeGreaterThan(2_000_000);
    expect((await inspector.sizes(admin.ask, [])).size).toBe(0);
  });

  it('tells who is connected and for how long nothing was asked', async () => {
    const session = await connectAs(server, asWriter(spec));
    const [activity] = await inspector.activity(admin.ask, [spec, stranger]);
    expect(activity).toMatchObject({ database, connections: 1 });
    expect(activity?.idleMs).toBeLessThan(5000);
    await session.end();
    expect(await inspector.activity(admin.ask, [stranger])).toEqual([]);
  });

  it('ends statements that run too long, although their login lifted its own limit', async () => {
    const session = await connectAs(server, asWriter(spec));
    await session.query('set session max_statement_time = 0');
    const running = session.query('select sleep(30)').then(
      () => 'answered',
      (error: unknown) => (error as { errno: number }).errno,
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const limits = { statementMs: 500, idleInTransactionMs: 60_000 };
    expect(await inspector.endOverdue(admin.ask, limits)).toBe(1);
    expect([1317, 'answered']).toContain(await running);
    expect(await inspector.endOverdue(admin.ask, limits)).toBe(0);
    await session.end();
  });

  it('ends sessions that keep a transaction open and do nothing', async () => {
    const session = await connectAs(server, asWriter(spec));
    await session.query('create table if not exists held (a int)');
    await session.query('start transaction');
    await session.query('insert into held values (1)');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const limits = { statementMs: 60_000, idleInTransactionMs: 500 };
    expect(await inspector.endOverdue(admin.ask, limits)).toBe(1);
    await expect(session.query('commit')).rejects.toThrow();
  });
});
