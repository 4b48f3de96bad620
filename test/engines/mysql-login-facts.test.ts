import { MysqlDriver } from '../../src/engines/mysql/mysql-driver.js';
import { MysqlProvisioner } from '../../src/engines/mysql/provisioner.js';
import type { ServerAdmin } from '../../src/engines/provisioning.js';
import { asReader, asWriter, targetOf } from '../support/mysql-sandbox.js';
import { sandboxSpec } from '../support/sandbox-server.js';
import { describeOnMysql } from '../support/servers.js';

describeOnMysql('what a login may change on', (server) => {
  const provisioner = new MysqlProvisioner();
  const driver = new MysqlDriver();
  const spec = sandboxSpec();
  const role = `${spec.database}_role`;
  const reader = `'${spec.readLogin}'@'%'`;
  let admin: ServerAdmin;

  beforeAll(async () => {
    admin = provisioner.connect(server.url);
    await admin.locked(1, async () => admin.run(provisioner.prepareServer()));
    await admin.run(provisioner.create(spec, 'blank'));
    await admin.ask(spec.database, 'create table t (a int, b int)');
    await admin.ask(null, `create role ${role}`);
  }, 60_000);

  afterAll(async () => {
    await driver.close();
    await admin.ask(null, `drop role ${role}`);
    await admin.run(provisioner.drop(spec));
    await admin.close();
  });

  const writes = async (): Promise<readonly string[]> =>
    (await driver.inspectLogin(targetOf(server, asReader(spec)))).writes;

  it('is nothing for a login that only reads', async () => {
    const facts = await driver.inspectLogin(targetOf(server, asReader(spec)));
    expect(facts.writes).toEqual([]);
    expect(facts.serverVersion).toMatch(/^\d+\.\d+/);
  });

  it('is much for one that writes', async () => {
    const { writes: found } = await driver.inspectLogin(targetOf(server, asWriter(spec)));
    expect(found).toContain(`It has INSERT on \`${spec.database.replaceAll('_', '\\_')}\`.*`);
  });

  it.each([
    ['a right to rows', `insert on ${spec.database}.t`, 'It has INSERT on'],
    ['a right to columns', `update (a) on ${spec.database}.t`, 'It has UPDATE on'],
    ['code of others', 'execute on *.*', 'It has EXECUTE on *.*'],
    ['files of the server', 'file on *.*', 'It has FILE on *.*'],
    ['rights to pass on', `select on ${spec.database}.t to ${reader} with grant option`, 'It may pass on'],
  ])('shows %s', async (_, right, expected) => {
    await admin.ask(null, right.includes(' to ') ? `grant ${right}` : `grant ${right} to ${reader}`);
    expect((await writes()).some((line) => line.startsWith(expected))).toBe(true);
    for (const step of provisioner.grant(spec)) await admin.run([step]);
    expect(await writes()).toEqual([]);
  });

  it('looks into roles that the login could take on', async () => {
    await admin.ask(null, `grant ${role} to ${reader}`);
    await admin.ask(null, `grant select on ${spec.database}.* to ${role}`);
    expect(await writes()).toEqual([]);
    await admin.ask(null, `grant delete on ${spec.database}.* to ${role}`);
    expect(await writes()).toEqual([expect.stringContaining('It has DELETE on')]);
  });
});
