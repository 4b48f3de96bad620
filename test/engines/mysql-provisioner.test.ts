import { MysqlProvisioner } from '../../src/engines/mysql/provisioner.js';
import { PostgresProvisioner } from '../../src/engines/postgres/provisioner.js';
import type { ServerAdmin } from '../../src/engines/provisioning.js';
import { asReader, asWriter, connectAs, mariadbClient, withLogin } from '../support/mysql-sandbox.js';
import {
  asReader as asPostgresReader,
  prepareServer,
  runSteps,
  sandboxSpec,
  withClient,
} from '../support/sandbox-server.js';
import { describeOnMysql, postgresServers } from '../support/servers.js';

const provisioner = new MysqlProvisioner();
const UTF8 = { characterSet: 'utf8mb4', collation: 'utf8mb4_general_ci' };

/** How a server says the same: a list of all rows as one text, and a time as text. */
interface Words {
  readonly list: (columns: string, order: string) => string;
  readonly time: (column: string) => string;
  readonly text: (expression: string) => string;
}

const MYSQL_WORDS: Words = {
  list: (columns, order) => `md5(group_concat(concat_ws('|', ${columns}) order by ${order}))`,
  time: (column) => `coalesce(date_format(${column}, '%Y-%m-%d %H:%i:%s'), '')`,
  text: (expression) => `cast(${expression} as char)`,
};

const POSTGRES_WORDS: Words = {
  list: (columns, order) => `md5(string_agg(concat_ws('|', ${columns}), ',' order by ${order}))`,
  time: (column) => `coalesce(to_char(${column}, 'YYYY-MM-DD HH24:MI:SS'), '')`,
  text: (expression) => `(${expression})::text`,
};

function shop({ list, time, text }: Words): string {
  const columns = [
    `(select ${text('sum(total)')} from order_totals)`,
    `(select ${list(`id, email, name, country, city, ${time('created_at')}`, 'id')} from customers)`,
    `(select ${list('id, sku, name, category, price, stock, case when discontinued then 1 else 0 end', 'id')} from products)`,
    `(select ${list(`id, customer_id, status, ${time('placed_at')}, ${time('shipped_at')}, coalesce(note, '')`, 'id')} from orders)`,
    `(select ${list('order_id, line_number, product_id, quantity, unit_price, discount', 'order_id, line_number')} from order_lines)`,
    `(select ${list('order_id, customer_id, line_count, total', 'order_id')} from order_totals)`,
  ];
  return `select ${columns.map((column, index) => `${column} as c${String(index)}`).join(', ')}`;
}

describeOnMysql('MySQL sandboxes on', (server) => {
  const blank = sandboxSpec();
  const sample = sandboxSpec({ encoding: UTF8 });
  /** Its name matches the blank one's where `_` stands for any character. */
  const near = sandboxSpec({ database: blank.database.replace('_', 'x') });
  let admin: ServerAdmin;

  beforeAll(async () => {
    admin = provisioner.connect(server.url);
    await admin.locked(1, async () => admin.run(provisioner.prepareServer()));
    await admin.run(provisioner.create(blank, 'blank'));
    await admin.run(provisioner.create(sample, 'sample'));
    await admin.run(provisioner.create(near, 'blank'));
  }, 120_000);

  afterAll(async () => {
    for (const spec of [blank, sample, near]) await admin.run(provisioner.drop(spec));
    await admin.close();
  });

  const write = async (...statements: string[]): Promise<unknown[]> =>
    withLogin(server, asWriter(sample), ...statements);
  const read = async (...statements: string[]): Promise<unknown[]> =>
    withLogin(server, asReader(sample), ...statements);

  it('prepares a server again', async () => {
    await admin.run(provisioner.prepareServer());
    const { obstacle, version } = await provisioner.inspector.identify(admin.ask);
    expect(obstacle).toBeNull();
    expect(version).toMatch(/^(?:MariaDB|MySQL) \d/);
  });

  it('fills the sample with the shop that every engine has, row by row', async () => {
    const [postgres] = postgresServers();
    if (postgres === undefined) throw new Error('There is no PostgreSQL to compare with.');
    const maker = new PostgresProvisioner();
    const other = sandboxSpec();
    await prepareServer(postgres, maker);
    await runSteps(postgres, maker.create(other, 'sample'));
    const theirs = await withClient(postgres, asPostgresReader(other), async (client) => {
      await client.query("set timezone = 'UTC'");
      return Object.values((await client.query<Record<string, unknown>>(shop(POSTGRES_WORDS))).rows[0] ?? {});
    });
    await runSteps(postgres, maker.drop(other));
    const [ours] = await read(
      "set session group_concat_max_len = 100000000, time_zone = '+00:00'",
      shop(MYSQL_WORDS),
    );
    expect(ours).toEqual(theirs);
    expect((ours as unknown[]).slice(0, 2)).toEqual(['15063105.61', expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(await read('select count(*) from order_lines')).toEqual([[50_001]]);
  }, 60_000);

  it('makes a database in the encoding that was asked for', async () => {
    const [row] = await read('select @@character_set_database, @@collation_database');
    expect(row).toEqual(['utf8mb4', 'utf8mb4_general_ci']);
    expect(() =>
      provisioner.create(sandboxSpec({ encoding: { characterSet: 'x; drop', collation: 'y' } }), 'blank'),
    ).toThrow('no name of a character set');
  });

  it('lets the write login change rows, tables and code of its own database', async () => {
    await write(
      'update products set stock = stock + 1 where id = 1',
      'alter table products add column shelf varchar(10)',
      'create table bins (id int primary key auto_increment)',
      'create view empty_bins as select * from bins',
      'create temporary table scratch (id int)',
      'create function stock_of(n int) returns int reads sql data return (select stock from products where id = n)',
      'create trigger bins_before before insert on bins for each row set new.id = new.id',
      'insert into bins values (1)',
      'drop view empty_bins',
      'truncate bins',
      'drop table bins',
      'drop function stock_of',
    );
    expect(await read('select count(*) from order_totals')).toEqual([[12_500]]);
  });

  it('lets the read login see what the write login makes later', async () => {
    await write('create table later (id int)', 'insert into later values (7)');
    expect(await read('select id from later')).toEqual([[7]]);
  });

  it.each([
    ['change a row', 'update customers set name = name'],
    ['create a table', 'create table mine (id int)'],
    ['create a temporary table', 'create temporary table mine (id int)'],
    ['create a database', 'create database mine'],
    ['lock a table', 'lock tables customers read'],
    ['run a block of code that writes', 'begin not atomic delete from customers where id = 0; end'],
    ['write a file', "select 1 into outfile '/tmp/clouddb-x'"],
    ['empty a table', 'truncate later'],
    ['flush', 'flush tables'],
  ])('does not let the read login %s', async (_, sql) => {
    await expect(read(sql)).rejects.toMatchObject({ errno: expect.any(Number) as number });
    expect(await read('select count(*) from customers')).toEqual([[1500]]);
  });

  it('does not let the read login run code of the write login', async () => {
    await write('create procedure p_commit() begin commit; insert into later values (9); end');
    await write(
      'create function f_write() returns int modifies sql data begin insert into later values (9); return 1; end',
    );
    await expect(read('call p_commit()')).rejects.toMatchObject({ errno: 1370 });
    await expect(read('select f_write()')).rejects.toMatchObject({ errno: 1370 });
    expect(await read('select count(*) from later where id = 9')).toEqual([[0]]);
  });

  it.each([
    ['create a database', 'create database mine'],
    ['create a database beside its own', `create database ${sample.database}_evil`],
    ['make a login', "create user mine@'%' identified by 'x'"],
    ['pass its rights on', `grant select on ${sample.database}.* to ${near.readLogin}@'%'`],
    ['make code for the administrator', "create definer='clouddb_owner'@'%' procedure px() select 1"],
    ['schedule events', 'create event e on schedule every 1 day do select 1'],
    ['read a file', "load data infile '/etc/passwd' into table later"],
    ['install plugins', "install soname 'x'"],
    ['change settings of the server', 'set global max_connections = 5'],
    ['turn the server off', 'shutdown'],
    [
      'reach another server',
      "create table far (a int) engine=federated connection='mysql://u@169.254.169.254/d/t'",
    ],
    ['read the logins', 'select * from mysql.user'],
    ['read what the platform knows', 'select * from clouddb_platform.sandbox_object'],
    ['become the administrator', 'set role dba'],
  ])('does not let the write login %s', async (_, sql) => {
    await expect(write(sql)).rejects.toMatchObject({ errno: expect.any(Number) as number });
  });

  it('keeps a database from the neighbour whose name its own matches as a pattern', async () => {
    await withLogin(server, asWriter(near), 'create table secret (a int)', 'insert into secret values (42)');
    await expect(
      withLogin(server, asWriter(blank), `select * from ${near.database}.secret`),
    ).rejects.toMatchObject({ errno: 1142 });
    await expect(
      withLogin(server, asReader(blank), `select * from ${near.database}.secret`),
    ).rejects.toMatchObject({ errno: 1142 });
    expect(await withLogin(server, asReader(near), 'select a from secret')).toEqual([[42]]);
  });

  it('shows a login from outside nothing but its own', async () => {
    const own = asWriter(sample);
    const databases = await mariadbClient(server, own, 'show databases');
    expect(databases.split('\n').sort()).toEqual(['information_schema', sample.database].sort());
    const seen = await mariadbClient(
      server,
      own,
      `select distinct table_schema from information_schema.tables where table_schema not like '%\\_schema';
       select distinct user from information_schema.processlist;
       select count(*) from information_schema.user_privileges where privilege_type <> 'USAGE'`,
    );
    expect(seen.split('\n')).toEqual([sample.database, sample.writeLogin, '0']);
    await expect(mariadbClient(server, { ...own, database: near.database }, 'select 1')).rejects.toThrow(
      /1044/,
    );
    expect(await mariadbClient(server, own, 'select count(*) from customers')).toBe('1500');
  });

  it('limits connections of a login to its own and one for cancelling', async () => {
    const open = await Promise.all(
      Array.from({ length: blank.connectionLimit + 1 }, async () => connectAs(server, asReader(blank))),
    );
    await expect(connectAs(server, asReader(blank))).rejects.toMatchObject({ errno: 1226 });
    await Promise.all(open.map(async (connection) => connection.end()));
  });

  it('ends sessions and lets nobody in while a database is stopped', async () => {
    const session = await connectAs(server, asWriter(blank));
    await session.query('create table kept (a int)');
    await admin.run(provisioner.stop(blank));
    await expect(session.query('select 1')).rejects.toThrow();
    await expect(connectAs(server, asWriter(blank))).rejects.toThrow();
    await expect(connectAs(server, asReader(blank))).rejects.toThrow();
    await admin.run(provisioner.start(blank));
    expect(await withLogin(server, asReader(blank), 'select count(*) from kept')).toEqual([[0]]);
  });

  it('gives new passwords, and ends what was opened with the old ones', async () => {
    const session = await connectAs(server, asReader(blank));
    const changed = { ...blank, writePassword: 'another1', readPassword: "it's another2" };
    await admin.run(provisioner.rotate(changed));
    await expect(session.query('select 1')).rejects.toThrow();
    await expect(connectAs(server, asReader(blank))).rejects.toMatchObject({ errno: 1045 });
    expect(await withLogin(server, asReader(changed), 'select 1')).toEqual([[1]]);
    await admin.run(provisioner.rotate(blank));
  });

  it('begins again from a template, with the same logins', async () => {
    await withLogin(server, asWriter(blank), 'create table gone (a int)');
    await admin.run(provisioner.reset(blank, 'sample'));
    await expect(withLogin(server, asReader(blank), 'select * from gone')).rejects.toMatchObject({
      errno: 1146,
    });
    expect(await withLogin(server, asReader(blank), 'select count(*) from products')).toEqual([[240]]);
    await admin.run(provisioner.reset(blank, 'blank'));
    expect(await withLogin(server, asReader(blank), 'show tables')).toEqual([]);
  });

  it('leaves reading and removing to who is over the quota, and nothing that adds', async () => {
    await admin.run(provisioner.grant({ ...sample, overQuota: true }));
    await expect(
      write("insert into products select 999, 's', 'n', 'c', 1, 1, '{}', 0, null"),
    ).rejects.toMatchObject({
      errno: 1142,
    });
    await expect(write('update products set stock = 0')).rejects.toMatchObject({ errno: 1142 });
    await expect(write('create table more (a int)')).rejects.toMatchObject({ errno: 1142 });
    await write('delete from later', 'truncate later', 'drop table later');
    expect(await read('select count(*) from products')).toEqual([[240]]);
    await admin.run(provisioner.grant(sample));
    await write('create table more (a int)', 'drop table more');
  });

  it('leaves nothing behind of what is dropped', async () => {
    const spec = sandboxSpec();
    await admin.run(provisioner.create(spec, 'blank'));
    const session = await connectAs(server, asWriter(spec));
    await admin.run(provisioner.drop(spec));
    await expect(session.query('select 1')).rejects.toThrow();
    const left = await admin.ask(
      null,
      `select schema_name from information_schema.schemata where schema_name = ?
       union all select user from mysql.user where user in (?, ?)
       union all select db from mysql.db where user in (?, ?)`,
      [spec.database, spec.writeLogin, spec.readLogin, spec.writeLogin, spec.readLogin],
    );
    expect(left).toEqual([]);
    expect(await provisioner.inspector.marked(admin.ask, spec.marker)).toEqual([]);
    await admin.run(provisioner.drop(spec));
  });

  it('takes a value of the platform for what it is, however the server reads backslashes', async () => {
    const value = "a' OR 1=1 -- \\";
    await admin.ask(null, "set session sql_mode = 'NO_BACKSLASH_ESCAPES'");
    expect(await admin.ask(null, 'select ? as value', [value])).toEqual([{ value }]);
  });
});
