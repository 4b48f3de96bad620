import { createConnection, type Connection } from 'mysql2/promise';
import type { Target } from '../../src/engines/engine.js';
import { MysqlDriver } from '../../src/engines/mysql/mysql-driver.js';
import { describeOnMysql } from '../support/servers.js';
import { engineContract, only, runIn, type ContractServer, type Outcome } from './engine.contract.js';

function targetOf(url: string, database: string): Target {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    database,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    tls: { mode: 'off' },
  };
}

async function withAdmin<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: url });
  connection.on('error', () => undefined);
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

async function setUp(url: string): Promise<ContractServer> {
  const database = `contract_${Math.random().toString(36).slice(2)}`;
  await withAdmin(url, async (admin) => {
    await admin.query(`create database ${database} character set utf8mb4`);
    await admin.query(`create table ${database}.written (at int) engine=InnoDB`);
    await admin.query(`create table ${database}.numbers (a int primary key) engine=InnoDB`);
    await admin.query(`insert into ${database}.numbers with recursive d (d) as
      (select 0 union all select d + 1 from d where d < 99)
      select 1 + x.d + 100 * y.d + 10000 * z.d from d z join d y join d x`);
  });
  const target = targetOf(url, database);
  return {
    driver: new MysqlDriver(),
    other: new MysqlDriver(),
    target,
    dead: { ...target, port: 1 },
    texts: {
      rows: (count) => `select a from numbers where a <= ${String(count)} order by a`,
      cell: (bytes) => `select repeat('x', ${String(bytes)})`,
      sleep: (seconds) => `select sleep(${String(seconds)})`,
      write: 'insert into written values (1)',
      count: 'select count(*) from written',
      broken: 'select 1 + missing from written',
      duplicates: 'select 1 as a, 2 as a',
      odd: `select 9007199254740993, 18446744073709551615, cast(12.340 as decimal(8,3)), 1e100, -0.5e0,
                   timestamp'2026-03-01 12:00:00.123456', time'-838:59:58.5', x'00ff', b'101',
                   null, '', 'a"b\\\\c😀', json_object('b', 1.0), str_to_date('0000-00-00', '%Y-%m-%d')`,
      oddRow: [
        '9007199254740993',
        '18446744073709551615',
        '12.340',
        1e100,
        -0.5,
        '2026-03-01 12:00:00.123456',
        '-838:59:58.5',
        '0x00ff',
        '0x05',
        null,
        '',
        'a"b\\c😀',
        '{"b": 1.0}',
        '0000-00-00',
      ],
    },
    cut: async () =>
      withAdmin(url, async (admin) => {
        const [rows] = await admin.query('select id from information_schema.processlist where db = ?', [
          database,
        ]);
        for (const { id } of rows as { id: number }[]) await admin.query(`kill ${String(id)}`);
      }),
  };
}

describeOnMysql('MySQL', ({ url }) => {
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

    async function write(text: string): Promise<Outcome> {
      await using session = await server.driver.open(server.target, 'write');
      return await runIn(session, only(server.driver, text));
    }

    it('names types, and hands values over exactly', async () => {
      await write(`create table odd (
        a bigint unsigned, b decimal(30,10), c datetime(6), d timestamp(3) null, e time(2), f year, g bit(10),
        h point, i json, j binary(3), k varbinary(20), l blob, m longtext, n enum('x','y'), o set('p','q'),
        p double, q float, r date, s char(3), t tinyint(1), u mediumint unsigned)`);
      await write(`insert into odd values (18446744073709551615, 12345678901234567890.0123456789,
        '2026-02-28 23:59:59.999999', '2026-03-01 10:00:00.5', '-12:34:56.78', 2026, b'1000000001',
        st_geomfromtext('POINT(1 2)'), '{"z": 1, "a": [1.0]}', 'ab', x'00ff', '', repeat('é', 10), 'y', 'p,q',
        0.1, 1.5, '2026-01-01', 'é', 1, 16777215)`);
      await using session = await server.driver.open(server.target, 'read');
      const { sink } = await runIn(session, only(server.driver, 'select * from odd'));
      const [row = []] = sink.rows();
      const columns = sink.columnList.map(({ type, kind }, index) => [type, kind, row[index]]);
      expect(columns).toEqual([
        ['bigint unsigned', 'integer', '18446744073709551615'],
        ['decimal(30,10)', 'decimal', '12345678901234567890.0123456789'],
        ['datetime(6)', 'time', '2026-02-28 23:59:59.999999'],
        ['timestamp(3)', 'time', '2026-03-01 10:00:00.500'],
        ['time(2)', 'time', '-12:34:56.78'],
        ['year', 'integer', 2026],
        ['bit(10)', 'other', '1000000001'],
        [
          expect.stringMatching(/^(?:point|geometry)$/),
          'binary',
          '0x000000000101000000000000000000f03f0000000000000040',
        ],
        ['json', 'json', expect.stringContaining('"z"')],
        ['binary(3)', 'binary', '0x616200'],
        ['varbinary(20)', 'binary', '0x00ff'],
        ['blob', 'binary', '0x'],
        ['longtext', 'text', 'é'.repeat(10)],
        ['enum', 'text', 'y'],
        ['set', 'text', 'p,q'],
        ['double', 'float', 0.1],
        ['float', 'float', 1.5],
        ['date', 'time', '2026-01-01'],
        ['char(3)', 'text', 'é'],
        ['tinyint', 'integer', 1],
        ['mediumint unsigned', 'integer', 16777215],
      ]);
    });

    it('cuts binary cells at the cell limit too, and counts their digits', async () => {
      await using session = await server.driver.open(server.target, 'read');
      const statement = only(server.driver, "select unhex(repeat('ab', 300000)), unhex('cd')");
      const { sink } = await runIn(session, statement, { maxCellBytes: 10 });
      expect(sink.rows()).toEqual([['0xabababab', '0xcd']]);
      expect(sink.cut).toEqual([{ row: 0, column: 0, size: 600_002 }]);
    });

    it('reads cells over several packets of the protocol, and rows beside them', async () => {
      await using session = await server.driver.open(server.target, 'read');
      const text = "select a, repeat('x', 40000000), a + 1 from numbers where a <= 3 order by a";
      const { sink, end } = await runIn(session, only(server.driver, text), { maxCellBytes: 5 });
      expect(sink.rows()).toEqual([1, 2, 3].map((a) => [a, 'xxxxx', a + 1]));
      expect(sink.cut.map(({ size }) => size)).toEqual([40_000_000, 40_000_000, 40_000_000]);
      expect(end.stoppedBy).toBeNull();
    });

    it.each([
      ["select '😀é', missing from numbers", '1054', 'missing'],
      ['select 1 from no_such_table', '1146', 'no_such_table'],
      ['select 1,\n  2 fromm numbers', '1064', 'numbers'],
      ['select 1 +', '1064', ''],
      ['select no_such_function(1)', '1305', 'no_such_function'],
    ])('finds the place of the error in %j', async (text, code, at) => {
      await using session = await server.driver.open(server.target, 'read');
      const statement = only(server.driver, text);
      const position = at === '' ? text.length : text.indexOf(at);
      await expect(runIn(session, statement)).rejects.toMatchObject({ problem: { code, position } });
    });

    it('hands warnings over as notices', async () => {
      await using session = await server.driver.open(server.target, 'read');
      const { end } = await runIn(session, only(server.driver, "select cast('12x' as signed)"));
      expect(end.notices).toEqual([
        {
          severity: 'WARNING',
          message: expect.stringContaining('Truncated incorrect INTEGER value') as string,
        },
      ]);
    });

    it('leaves nothing behind that a read has set, taken or chosen', async () => {
      const forced = [
        "select get_lock('left', 0)",
        'set @left = 1',
        "set sql_mode = 'ANSI_QUOTES'",
        'set names latin1',
        'use information_schema',
        'create temporary table numbers (a int)',
        'set max_statement_time = 0',
      ];
      for (const text of forced) {
        await using session = await server.driver.open(server.target, 'read');
        await runIn(session, { ...only(server.driver, 'select 1'), text }).catch(() => undefined);
      }
      await using session = await server.driver.open(server.target, 'read');
      const text = `select is_free_lock('left'), @left, @@sql_mode like '%ANSI%', @@character_set_client,
                           database() = '${server.target.database}', (select count(*) from numbers), @@time_zone`;
      const statement = { ...only(server.driver, 'select 1'), text };
      const { sink } = await runIn(session, statement);
      expect(sink.rows()).toEqual([[1, null, 0, 'utf8mb4', 1, 1_000_000, '+00:00']]);
    });

    it('tells an interruption that the server takes for success', async () => {
      await using session = await server.driver.open(server.target, 'write');
      await expect(
        runIn(session, only(server.driver, 'do sleep(20)'), { timeoutMs: 300 }),
      ).rejects.toMatchObject({ problem: { code: 'time_limit' } });
    });

    it('counts rows that an UPDATE found, and those that RETURNING gives', async () => {
      await write('create table counted (a int primary key, b int)');
      expect((await write('insert into counted values (1, 1), (2, 2)')).end.affectedRows).toBe(2);
      expect((await write('update counted set b = 1')).end.affectedRows).toBe(2);
      expect((await write('create index b on counted (b)')).end.affectedRows).toBeNull();
      expect((await write('delete from counted returning a')).end).toMatchObject({
        rowCount: 2,
        affectedRows: 2,
      });
    });

    it('shows the first result of a procedure and says that there are more', async () => {
      await write('create procedure two() begin select 1 as a; select 2 as b; end');
      const { sink, end } = await write('call two()');
      expect(sink.rows()).toEqual([[1]]);
      expect(end.notices).toEqual([
        { severity: 'NOTE', message: 'The statement gave 2 results; the first of them is shown.' },
      ]);
    });

    it('speaks of columns that no object should be given', async () => {
      await using session = await server.driver.open(server.target, 'read');
      const { sink } = await runIn(session, only(server.driver, 'select 1 as `__proto__`'));
      expect(sink.columnList.map(({ name }) => name)).toEqual(['__proto__']);
    });

    it('describes tables, columns, keys, indexes, triggers, views and routines', async () => {
      for (const text of [
        "create table parent (id int primary key, name varchar(20) not null default 'x')",
        'create table child (id bigint primary key auto_increment, parent_id int, foreign key (parent_id) references parent (id))',
        'create unique index child_both on child (parent_id, id)',
        'create view pairs as select p.name from parent p join child c on c.parent_id = p.id',
        'create function one(x int) returns int deterministic return x',
        'create trigger child_before before insert on child for each row set new.parent_id = 1',
      ]) {
        await write(text);
      }
      await using session = await server.driver.open(server.target, 'write');
      const { schemas } = await session.describe();
      const tables = new Map(schemas[0]?.tables.map((table) => [table.name, table]));
      expect(tables.get('child')).toMatchObject({
        kind: 'table',
        columns: [
          {
            name: 'id',
            type: expect.stringMatching(/^bigint(?:\(20\))? auto_increment$/) as string,
            nullable: false,
            primaryKey: true,
            default: null,
          },
          { name: 'parent_id', nullable: true, default: null },
        ],
        foreignKeys: [{ columns: ['parent_id'], referencedTable: 'parent', referencedColumns: ['id'] }],
        triggers: [{ name: 'child_before', definition: 'BEFORE INSERT FOR EACH ROW set new.parent_id = 1' }],
      });
      expect(tables.get('child')?.indexes).toContainEqual({
        name: 'child_both',
        unique: true,
        primary: false,
        definition: 'UNIQUE INDEX `child_both` ON `child` (`parent_id`, `id`)',
      });
      expect(tables.get('pairs')?.kind).toBe('view');
      expect(schemas[0]?.routines).toContainEqual({
        name: 'one',
        kind: 'function',
        arguments: expect.stringMatching(/^x int/) as string,
        returns: expect.stringMatching(/^int/) as string,
      });
    });

    it('ends a plan that is measured where the statement ends, and refuses to run a write for it', async () => {
      await using session = await server.driver.open(server.target, 'write');
      const signal = new AbortController().signal;
      const read = only(
        server.driver,
        'select count(*) from numbers n join written w on w.at = n.a where n.a < 50',
      );
      const plan = await session.explain(read, { analyse: false, timeoutMs: 5000, signal });
      expect(plan).toMatchObject({ analysed: false, executionMs: null, raw: { format: 'json' } });
      const text = only(server.driver, server.texts.write);
      await expect(session.explain(text, { analyse: true, timeoutMs: 5000, signal })).rejects.toMatchObject({
        problem: { code: 'not_supported' },
      });
      expect((await session.explain(text, { analyse: false, timeoutMs: 5000, signal })).root).toMatchObject({
        object: 'written',
      });
    });
  });
});
