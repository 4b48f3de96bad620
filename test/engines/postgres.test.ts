import { PostgresDriver } from '../../src/engines/postgres/postgres-driver.js';
import { postgresServers } from '../support/servers.js';
import { engineContract, only, runIn, type ContractServer } from './engine.contract.js';
import { targetOf, withAdmin } from './postgres-target.js';

async function setUp(url: string): Promise<ContractServer> {
  const database = `contract_${Math.random().toString(36).slice(2)}`;
  await withAdmin(url, async (client) => client.query(`create database ${database}`));
  const own = new URL(url);
  own.pathname = `/${database}`;
  await withAdmin(own.toString(), async (client) => client.query('create table written (at int)'));
  const target = targetOf(own.toString());
  return {
    driver: await PostgresDriver.load(),
    other: await PostgresDriver.load(),
    target,
    dead: { ...target, port: 1 },
    texts: {
      rows: (count) => `select n::int as a from generate_series(1, ${String(count)}) n`,
      cell: (bytes) => `select repeat('x', ${String(bytes)})`,
      sleep: (seconds) => `select pg_sleep(${String(seconds)})`,
      write: 'insert into written values (1)',
      count: 'select count(*)::int from written',
      broken: 'select 1 + missing from written',
      duplicates: 'select 1 as a, 2 as a',
      odd: `select 9007199254740993::bigint, 12.340::numeric(8,3), 'NaN'::float8, '-infinity'::float8,
                   'infinity'::timestamptz, '1 mon 2 days 03:04:05.000006'::interval, '\\x00ff'::bytea,
                   array[1,null,3], '[1,5)'::int4range, '{"b": 1.0, "a": null}'::json, null::text, '',
                   timestamptz '2026-03-01 12:00:00.123456+02', true, 'a"b\\c'::text, numeric '1e400' > 1`,
      oddRow: [
        '9007199254740993',
        '12.340',
        'NaN',
        '-Infinity',
        'infinity',
        '1 mon 2 days 03:04:05.000006',
        '\\x00ff',
        '{1,NULL,3}',
        '[1,5)',
        '{"b": 1.0, "a": null}',
        null,
        '',
        '2026-03-01 10:00:00.123456+00',
        true,
        'a"b\\c',
        true,
      ],
    },
    cut: async () =>
      withAdmin(url, async (client) => {
        await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
          database,
        ]);
      }),
  };
}

describe.each(postgresServers())('PostgreSQL "$name"', ({ url }) => {
  engineContract(async () => setUp(url));

  describe('beyond the contract', () => {
    let server: ContractServer;
    beforeAll(async () => {
      server = await setUp(url);
    });
    afterAll(async () => {
      await server.driver.close();
      await server.other.close();
    });

    it('names types with their modifiers, also those made a moment ago', async () => {
      await using session = await server.driver.open(server.target, 'write');
      await runIn(session, only(server.driver, "create type mood as enum ('sad', 'glad')"));
      const text =
        "select 'glad'::mood, 1::numeric(12,2), 'a'::varchar(20), now(), '{1}'::bigint[], 1::smallint";
      const { sink } = await runIn(session, only(server.driver, text));
      expect(sink.columnList.map(({ type, kind }) => [type, kind])).toEqual([
        ['mood', 'text'],
        ['numeric(12,2)', 'decimal'],
        ['varchar(20)', 'text'],
        ['timestamptz', 'time'],
        ['bigint[]', 'other'],
        ['smallint', 'integer'],
      ]);
    });

    it('counts positions in UTF-16 from the beginning of the statement', async () => {
      await using session = await server.driver.open(server.target, 'read');
      const statement = only(server.driver, "select '😀é', missing from written");
      await expect(runIn(session, statement)).rejects.toMatchObject({
        problem: { code: '42703', position: statement.text.indexOf('missing') },
      });
    });

    it('hands notices over', async () => {
      await using session = await server.driver.open(server.target, 'write');
      const { end } = await runIn(
        session,
        only(server.driver, "do $$ begin raise notice 'hello %', 1; end $$"),
      );
      expect(end.notices).toEqual([{ severity: 'NOTICE', message: 'hello 1' }]);
    });

    it('leaves no lock behind that a read took', async () => {
      {
        await using session = await server.driver.open(server.target, 'read');
        await runIn(session, { ...only(server.driver, 'select 1'), text: 'select pg_advisory_lock(4711)' });
      }
      const held = await withAdmin(url, async (client) =>
        client.query("select from pg_locks where locktype = 'advisory' and objid = 4711"),
      );
      expect(held.rowCount).toBe(0);
    });

    it('describes tables, columns, keys, indexes, triggers, views and functions', async () => {
      await using session = await server.driver.open(server.target, 'write');
      for (const text of [
        'create table parent (id int primary key, name text not null default $$x$$)',
        'create table child (id bigserial primary key, parent_id int references parent (id))',
        'create index child_parent on child (parent_id)',
        'create view pairs as select p.name from parent p join child c on c.parent_id = p.id',
        'create function one() returns int language sql as $$select 1$$',
      ]) {
        await runIn(session, only(server.driver, text));
      }
      const { schemas } = await session.describe();
      const schema = schemas.find(({ name }) => name === 'public');
      const child = schema?.tables.find(({ name }) => name === 'child');
      expect(child).toMatchObject({
        kind: 'table',
        columns: [{ name: 'id', type: 'bigint', nullable: false, primaryKey: true }, { name: 'parent_id' }],
        foreignKeys: [{ columns: ['parent_id'], referencedTable: 'parent', referencedColumns: ['id'] }],
      });
      expect(child?.indexes.map(({ name }) => name)).toEqual(['child_parent', 'child_pkey']);
      expect(schema?.tables.find(({ name }) => name === 'pairs')?.kind).toBe('view');
      expect(schema?.routines).toMatchObject([{ name: 'one', kind: 'function', returns: 'integer' }]);
    });

    it('explains a write with ANALYZE and takes it back', async () => {
      await using session = await server.driver.open(server.target, 'write');
      const statement = only(server.driver, server.texts.write);
      const plan = await session.explain(statement, {
        analyse: true,
        timeoutMs: 5000,
        signal: new AbortController().signal,
      });
      expect(plan).toMatchObject({ analysed: true, root: { operation: 'Insert', loops: 1 } });
      const { sink } = await runIn(session, only(server.driver, server.texts.count));
      expect(sink.rows()).toEqual([[0]]);
    });
  });
});
