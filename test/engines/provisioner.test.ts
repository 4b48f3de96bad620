import type { Client } from 'pg';
import { PostgresProvisioner } from '../../src/engines/postgres/provisioner.js';
import {
  asReader,
  asWriter,
  askWith,
  connect,
  prepareServer,
  runSteps,
  sandboxSpec,
  traces,
  withClient,
} from '../support/sandbox-server.js';
import { postgresServers } from '../support/servers.js';

const DENIED = { code: '42501' };
const provisioner = new PostgresProvisioner();

describe.each(postgresServers())('sandboxes on $name', (server) => {
  const blank = sandboxSpec();
  const sample = sandboxSpec();
  const ask = askWith(server);

  beforeAll(async () => {
    await prepareServer(server, provisioner);
    await runSteps(server, provisioner.create(blank, 'blank'));
    await runSteps(server, provisioner.create(sample, 'sample'));
  }, 120_000);

  afterAll(async () => {
    for (const spec of [blank, sample]) await runSteps(server, provisioner.drop(spec));
  });

  const writer = async <T>(work: (client: Client) => Promise<T>): Promise<T> =>
    withClient(server, asWriter(sample), work);
  const reader = async <T>(work: (client: Client) => Promise<T>): Promise<T> =>
    withClient(server, asReader(sample), work);

  it('prepares a server again without changing anything', async () => {
    const databases = "select oid, datname from pg_database where datname like 'tpl\\_%' order by oid";
    const before = await ask(null, databases);
    await prepareServer(server, provisioner);
    expect(await ask(null, databases)).toEqual(before);
  });

  it('fills the sample with a shop that is the same on every server', async () => {
    const { rows } = await reader(async (client) => {
      await client.query("set timezone = 'UTC'");
      return client.query(`
        select (select count(*)::int from customers) as customers, (select count(*)::int from products) as products,
               (select count(*)::int from orders) as orders, (select count(*)::int from order_lines) as lines,
               (select md5(string_agg(t::text, '|' order by t.order_id)) from order_totals t) as totals,
               (select md5(string_agg(c::text, '|' order by c.id)) from customers c) as people`);
    });
    expect(rows).toEqual([
      {
        customers: 1500,
        products: 240,
        orders: 12_500,
        lines: 50_001,
        totals: 'cd01a693f5acab9a8e70d70dafd3cfa1',
        people: '6e08604a7189dc9bcd7aee1d629205af',
      },
    ]);
  });

  it('lets the write login change rows, tables and schemas of its own database', async () => {
    await writer(async (client) => {
      await client.query(`
        update products set stock = stock + 1 where id = 1; alter table products add column shelf text;
        create schema warehouse; create table warehouse.bins (id serial primary key);
        create view warehouse.empty_bins as select * from warehouse.bins;
        create temporary table scratch (id int);
        create function public.stock_of(int) returns int language sql as 'select stock from products where id = $1';
        drop table warehouse.bins cascade; drop schema warehouse; drop function public.stock_of`);
    });
  });

  it('lets the read login see what the write login makes later, also in schemas made later', async () => {
    await writer(async (client) =>
      client.query(`create table later (id int); insert into later values (7);
                    create schema later_schema; create table later_schema.inside (id int);
                    insert into later_schema.inside values (8); create sequence later_schema.counter`),
    );
    await reader(async (client) => {
      expect((await client.query('select id from later')).rows).toEqual([{ id: 7 }]);
      expect((await client.query('select id from later_schema.inside')).rows).toEqual([{ id: 8 }]);
      expect((await client.query('select last_value from later_schema.counter')).rowCount).toBe(1);
    });
  });

  it.each([
    ['change a row', 'update customers set name = name'],
    ['create a table', 'create table mine (id int)'],
    ['create a temporary table', 'create temporary table mine (id int)'],
    ['create a schema', 'create schema mine'],
    ['make a large object', 'select lo_create(0)'],
    ['run text as SQL', "select query_to_xml('select 1', true, true, '')"],
    ['hold an advisory lock', 'select pg_advisory_lock(1)'],
    ['notify others', "select pg_notify('a', 'b')"],
    ['run a block of code', 'do $$ begin end $$'],
    ['read a file', "select pg_read_file('PG_VERSION')"],
  ])('does not let the read login %s, even in a transaction that it made read-write', async (_, sql) => {
    await reader(async (client) => {
      await client.query('set default_transaction_read_only = off');
      await expect(client.query(sql)).rejects.toMatchObject(DENIED);
      await client.query('select count(*) from customers');
    });
  });

  it('lets either login clean its connection', async () => {
    for (const as of [asReader(sample), asWriter(sample)]) {
      await withClient(server, as, async (client) =>
        client.query('close all; unlisten *; reset all; select pg_advisory_unlock_all(); discard plans'),
      );
    }
  });

  it('does not let the read login run functions that the write login made', async () => {
    await writer(async (client) =>
      client.query("create function leak() returns int language sql security definer as 'select 1'"),
    );
    await reader(async (client) => {
      await expect(client.query('select leak()')).rejects.toMatchObject(DENIED);
    });
    await writer(async (client) => {
      expect((await client.query('select leak()')).rowCount).toBe(1);
    });
  });

  it('does not let a login read the server’s files, run its programs or change its settings', async () => {
    const acts = [
      "copy products to program 'true'",
      "copy products from '/etc/passwd'",
      "alter system set work_mem = '1GB'",
    ];
    await writer(async (client) => {
      for (const sql of acts) await expect(client.query(sql)).rejects.toMatchObject(DENIED);
    });
  });

  it('lets each login connect to its own database and to no other', async () => {
    const databases = ['postgres', 'template1', blank.database, sample.database];
    for (const login of [asWriter(blank), asReader(blank), asWriter(sample), asReader(sample)]) {
      for (const database of databases) {
        const attempt = withClient(server, { ...login, database }, async (client) => client.query('select'));
        if (database === login.database) await expect(attempt).resolves.toBeDefined();
        else await expect(attempt).rejects.toMatchObject(DENIED);
      }
    }
  });

  it('does not let a login open its database to others or lift its limits', async () => {
    const name = sample.database;
    const acts = [
      `alter database ${name} connection limit 100`,
      `alter database ${name} owner to ${sample.writeLogin}`,
      `alter role ${sample.writeLogin} connection limit 100`,
      `alter role ${sample.writeLogin} createdb`,
      `grant ${sample.readLogin} to ${sample.writeLogin}`,
      `grant pg_execute_server_program to ${sample.writeLogin}`,
      'drop schema public cascade',
      "set temp_file_limit = '100GB'",
      'set role clouddb_platform',
    ];
    await writer(async (client) => {
      await client.query(`grant connect on database ${name} to public`); // a warning, and nothing is granted
      for (const sql of acts) await expect(client.query(sql)).rejects.toMatchObject(DENIED);
    });
    await expect(connect(server, asWriter(blank, name))).rejects.toMatchObject(DENIED);
  });

  it('holds a login to its number of connections', async () => {
    const open: Client[] = [];
    try {
      for (let i = 0; i < blank.connectionLimit; i += 1) open.push(await connect(server, asWriter(blank)));
      await expect(connect(server, asWriter(blank))).rejects.toMatchObject({ code: '53300' });
    } finally {
      await Promise.all(open.map(async (client) => client.end()));
    }
  });

  it('does not show a login what the sessions of others run', async () => {
    await withClient(server, asWriter(blank), async (other) => {
      await other.query("select 'canary-of-the-other'");
      const canary = "select from pg_stat_activity where query like '%canary-of-the' || '-other%'";
      expect((await reader(async (client) => client.query(canary))).rowCount).toBe(0);
      expect(await ask(null, canary)).toHaveLength(1);
    });
  });

  it('stops: ends what is open, refuses what is new, and starts again', async () => {
    const spec = sandboxSpec();
    await runSteps(server, provisioner.create(spec, 'blank'));
    const open = await connect(server, asWriter(spec));
    await open.query('create table kept (id int)');
    await runSteps(server, provisioner.stop(spec));
    await expect(open.query('select 1')).rejects.toThrow();
    await expect(connect(server, asWriter(spec))).rejects.toMatchObject({ code: '28000' });
    await runSteps(server, provisioner.start(spec));
    await withClient(server, asReader(spec), async (client) => client.query('select * from kept'));
    await runSteps(server, provisioner.drop(spec));
  });

  it('gives new passwords, with which the old ones are of no use', async () => {
    const rotated = { ...blank, writePassword: 'writerSecret2', readPassword: 'readerSecret2' };
    await runSteps(server, provisioner.rotate(rotated));
    await expect(connect(server, asWriter(blank))).rejects.toMatchObject({ code: '28P01' });
    await withClient(server, asWriter(rotated), async (client) => client.query('select 1'));
    await runSteps(server, provisioner.rotate(blank));
  });

  it('resets to the template and keeps the logins', async () => {
    const spec = sandboxSpec();
    await runSteps(server, provisioner.create(spec, 'sample'));
    await withClient(server, asWriter(spec), async (client) =>
      client.query('drop table order_lines cascade'),
    );
    await runSteps(server, provisioner.reset(spec, 'sample'));
    await withClient(server, asReader(spec), async (client) => {
      expect((await client.query('select from order_lines')).rowCount).toBeGreaterThan(49_000);
    });
    expect(await provisioner.inspector.deviations(ask, spec, 'running')).toEqual([]);
    await runSteps(server, provisioner.drop(spec));
  });

  it('leaves nothing behind when it drops, even what was made only half', async () => {
    const spec = sandboxSpec();
    const steps = provisioner.create(spec, 'blank');
    for (let done = 0; done <= steps.length; done += 1) {
      await runSteps(server, steps.slice(0, done));
      await runSteps(server, provisioner.drop(spec));
      expect(await traces(server, spec.database)).toEqual([]);
    }
  });
});
