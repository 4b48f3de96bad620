import { PostgresProvisioner } from '../../src/engines/postgres/provisioner.js';
import {
  asReader,
  asWriter,
  askWith,
  prepareServer,
  runSteps,
  sandboxSpec,
  withClient,
} from '../support/sandbox-server.js';
import { postgresServers } from '../support/servers.js';

const provisioner = new PostgresProvisioner();

const OBJECTS = `
  create type mood as enum ('good', 'bad');
  create type pair as (a int, b text);
  create domain positive as int check (value > 0);
  create type span as range (subtype = int);
  create schema shop;
  create table shop.items (id int generated always as identity primary key, code serial, mood mood, size positive);
  insert into shop.items (mood, size) values ('good', 1), ('bad', 2);
  create table shop.parts (id int, kind text) partition by list (kind);
  create table shop.parts_a partition of shop.parts for values in ('a');
  create sequence shop.counter;
  create view shop.good as select * from shop.items where mood = 'good';
  create materialized view shop.frozen as select count(*) from shop.items;
  create statistics shop.pairs on id, mood from shop.items;
  create function shop.double(int) returns int language sql as 'select $1 * 2';
  create procedure shop.clear() language sql as 'delete from shop.items';
  create aggregate shop.total(int) (sfunc = int4pl, stype = int, initcond = '0');
  create operator shop.### (leftarg = int, rightarg = int, function = int4pl);
  create collation shop.plain (locale = 'C');
  create text search configuration shop.words (copy = simple);
  create text search dictionary shop.terms (template = simple);
  create extension citext schema shop;
  create table shop.secrets (id int); revoke all on shop.secrets from :reader;
  create table shop.partly (open int, closed int); revoke all on shop.partly from :reader;
  grant select (open) on shop.partly to :reader;
  grant execute on function shop.double(int) to :reader;
  alter default privileges in schema shop grant insert on tables to :reader;
  alter table shop.items enable row level security;
  create policy seen on shop.items for select to :reader using (size > 1);`;

const OWNERS = `
  select distinct pg_get_userbyid(refobjid)::text as name from pg_shdepend
   where dbid = (select oid from pg_database where datname = current_database())
     and refclassid = 'pg_authid'::regclass order by 1`;

describe.each(postgresServers())('clones on $name', (server) => {
  const source = sandboxSpec();
  const clone = sandboxSpec({ writePassword: 'cloneWriter1', readPassword: 'cloneReader1' });
  const ask = askWith(server);
  const shared = `select datdba, datacl::text, datallowconn from pg_database where datname = '${source.database}'`;
  let before: unknown;

  beforeAll(async () => {
    await prepareServer(server, provisioner);
    await runSteps(server, provisioner.create(source, 'sample'));
    await withClient(server, asWriter(source), async (client) =>
      client.query(OBJECTS.replaceAll(':reader', source.readLogin)),
    );
    before = await ask(null, shared);
    await runSteps(server, provisioner.stop(source));
    await runSteps(server, provisioner.create(clone, source));
    await runSteps(server, provisioner.start(source));
  }, 120_000);

  afterAll(async () => {
    for (const spec of [source, clone]) await runSteps(server, provisioner.drop(spec));
  });

  it('leaves the source as it was: its owner, its privileges and its logins', async () => {
    expect(await ask(null, shared)).toEqual(before);
    expect(await provisioner.inspector.deviations(ask, source, 'running')).toEqual([]);
    await withClient(server, asWriter(source), async (client) => {
      await client.query('insert into shop.items (mood, size) values ($1, 3)', ['good']);
      await client.query('create schema another; drop schema another');
    });
  });

  it('holds the same rows and is as a sandbox should be', async () => {
    await withClient(server, asReader(clone), async (client) => {
      expect((await client.query('select from order_lines')).rowCount).toBe(50_001);
      expect((await client.query('select from shop.good')).rowCount).toBe(1);
    });
    expect(await provisioner.inspector.deviations(ask, clone, 'running')).toEqual([]);
  });

  it('belongs to its own logins in every object, and remembers none of the source’s', async () => {
    const names = (await ask<{ name: string }>(clone.database, OWNERS)).map(({ name }) => name);
    expect(names).toEqual([clone.readLogin, clone.writeLogin, 'clouddb_platform'].sort());
    await withClient(server, asWriter(clone), async (client) => client.query('drop schema shop cascade'));
    await withClient(server, asWriter(source), async (client) => client.query('select * from shop.items'));
  });

  it('keeps from the read login what the source kept from its own', async () => {
    const again = sandboxSpec();
    await runSteps(server, provisioner.stop(source));
    await runSteps(server, provisioner.create(again, source));
    await runSteps(server, provisioner.start(source));
    await withClient(server, asReader(again), async (client) => {
      await expect(client.query('select * from shop.secrets')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('select closed from shop.partly')).rejects.toMatchObject({ code: '42501' });
      await client.query('select open from shop.partly');
      const visible = await client.query('select distinct size > 1 as seen from shop.items');
      expect(visible.rows).toEqual([{ seen: true }]);
      expect((await client.query('select shop.double(2) as four')).rows).toEqual([{ four: 4 }]);
      await expect(client.query('call shop.clear()')).rejects.toMatchObject({ code: '42501' });
    });
    await runSteps(server, provisioner.drop(again));
  });

  it('does not let the logins of the one into the other', async () => {
    await expect(
      withClient(server, asWriter(source, clone.database), async (client) => client.query('select')),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      withClient(server, asWriter(clone, source.database), async (client) => client.query('select')),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('outlives its source, which leaves nothing behind', async () => {
    const first = sandboxSpec();
    const second = sandboxSpec();
    await runSteps(server, provisioner.create(first, 'blank'));
    await withClient(server, asWriter(first), async (client) => client.query('create table kept (id int)'));
    await runSteps(server, provisioner.stop(first));
    await runSteps(server, provisioner.create(second, first));
    await runSteps(server, provisioner.drop(first));
    await withClient(server, asReader(second), async (client) => client.query('select * from kept'));
    await runSteps(server, provisioner.drop(second));
  });
});
