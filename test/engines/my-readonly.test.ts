import type { EngineError, Statement, Target } from '../../src/engines/engine.js';
import { MysqlDriver } from '../../src/engines/mysql/mysql-driver.js';
import { MysqlProvisioner } from '../../src/engines/mysql/provisioner.js';
import type { ServerAdmin } from '../../src/engines/provisioning.js';
import { asReader, asWriter, targetOf, withLogin } from '../support/mysql-sandbox.js';
import { sandboxSpec } from '../support/sandbox-server.js';
import { describeOnMysql } from '../support/servers.js';
import { only, runIn } from './engine.contract.js';
import { ALLOWED, ONLY_ANALYSED, REFUSED, type ReadOnlyCase } from './my-readonly-cases.js';

const SET_UP = [
  'create table canary (id int primary key, v int)',
  'insert into canary values (1, 1), (2, 2), (3, 3)',
  'create sequence counter',
  'create procedure p_commit() begin commit; insert into canary values (99, 99); end',
  'create function f_write() returns int modifies sql data begin insert into canary values (98, 98); return 1; end',
  'create view v_write as select f_write() as x',
];

/** Everything an attack could have moved: rows, sequences, tables and code, rights, logins, databases, settings. */
const FINGERPRINT: readonly string[] = [
  'select group_concat(concat(id, ":", v) order by id) from canary',
  'select next_not_cached_value from counter',
  `select table_name, table_type, create_time from information_schema.tables where table_schema = database() order by 1`,
  'select column_name, column_type from information_schema.columns where table_schema = database() order by table_name, ordinal_position',
  'select routine_name from information_schema.routines where routine_schema = database() order by 1',
  'select trigger_name from information_schema.triggers where trigger_schema = database() order by 1',
  'select event_name from information_schema.events where event_schema = database() order by 1',
  'select schema_name from information_schema.schemata order by 1',
  'select user, host, authentication_string from mysql.user order by 1, 2',
  'select grantee, privilege_type from information_schema.user_privileges order by 1, 2',
  'select @@global.max_connections, @@global.sql_mode, @@global.read_only, is_free_lock("lk")',
];

describeOnMysql('reads on', (server) => {
  const provisioner = new MysqlProvisioner();
  const spec = sandboxSpec();
  const driver = new MysqlDriver();
  const target = targetOf(server, asReader(spec));
  const writer = targetOf(server, asWriter(spec));
  let admin: ServerAdmin;

  beforeAll(async () => {
    admin = provisioner.connect(server.url);
    await admin.locked(1, async () => admin.run(provisioner.prepareServer()));
    await admin.run(provisioner.create(spec, 'blank'));
    await withLogin(server, asWriter(spec), ...SET_UP);
  }, 60_000);

  afterAll(async () => {
    await driver.close();
    await admin.run(provisioner.drop(spec));
    await admin.close();
  });

  async function fingerprint(): Promise<unknown> {
    const parts: unknown[] = [];
    for (const question of FINGERPRINT) parts.push(await admin.ask(spec.database, question));
    return JSON.parse(JSON.stringify(parts));
  }

  /** Sends a text as a read, whatever the analysis says of it: what is left is the login, the fence and the reset. */
  async function force(text: string, to: Target = target): Promise<string> {
    const statement: Statement = { ...only(driver, 'select 1'), text };
    await using session = await driver.open(to, 'read');
    return await runIn(session, statement, { timeoutMs: 1500, maxRows: 10 }).then(
      () => 'ran',
      (error: unknown) => (error as EngineError).problem.code,
    );
  }

  /** What goes over the wire of a text: the statements, or the text itself where it cannot be read. */
  function pieces(text: string): readonly string[] {
    const { statements, error } = driver.analyse(text);
    return error === null ? statements.map((statement) => statement.text) : [text];
  }

  function judged({ texts }: ReadOnlyCase): string[] {
    return texts.map((text) => {
      const { statements, error } = driver.analyse(text);
      return error === null ? statements.map((statement) => statement.class).join(' ') : 'error';
    });
  }

  it.each(REFUSED)('are judged by what they are, and no attack is taken for one ($id, $class)', (attack) => {
    // A view is a table to the analysis; that one which calls code cannot write is the server's business.
    const expected = attack.texts.map((text) => (text.includes('v_write') ? 'read' : attack.class));
    expect(judged(attack)).toEqual(expected);
  });

  it.each(ONLY_ANALYSED)('are not $text ($id)', ({ text }) => {
    expect(only(driver, text).class).toBe('admin');
  });

  it.each(REFUSED)(
    'leave everything as it was under $id ($class), even when the analysis is left out',
    async ({ texts }) => {
      const before = await fingerprint();
      for (const text of texts) for (const piece of pieces(text)) await force(piece);
      expect(await force('insert into canary values (100, 100)')).not.toBe('ran');
      expect(await fingerprint()).toEqual(before);
      const { sink } = await read(
        `select @x, @a, database() = '${spec.database}', @@sql_mode like '%BACKSLASH%', @@character_set_client,
              @@autocommit, @@in_transaction, (select count(v) from canary)`,
      );
      expect(sink.rows()).toEqual([[null, null, 1, 0, 'utf8mb4', 1, 1, 3]]);
    },
  );

  async function read(text: string, to: Target = target): ReturnType<typeof runIn> {
    await using session = await driver.open(to, 'read');
    return await runIn(session, { ...only(driver, 'select 1'), text });
  }

  it.each(ALLOWED)('allow $text ($id)', async ({ text, rows }) => {
    const statement = only(driver, text);
    expect(statement.class).toBe('read');
    await using session = await driver.open(target, 'read');
    expect((await runIn(session, statement)).sink.rows()).toEqual(rows);
  });

  it('are seen by the oracle when they do write: the writer’s login moves it', async () => {
    const before = await fingerprint();
    await withLogin(server, asWriter(spec), 'insert into canary values (4, 4)');
    expect(await fingerprint()).not.toEqual(before);
    await withLogin(server, asWriter(spec), 'delete from canary where id = 4');
    expect(await fingerprint()).toEqual(before);
  });

  it('need their login: with the writer’s, the fence of the transaction lets DDL and blocks through', async () => {
    const before = await fingerprint();
    expect(await force('insert into canary values (5, 5)', writer)).toBe('1792');
    expect(await force('create table leaked (a int)', writer)).toBe('ran');
    expect(await force('begin not atomic commit; insert into canary values (6, 6); end', writer)).toBe('ran');
    expect(await fingerprint()).not.toEqual(before);
    await withLogin(server, asWriter(spec), 'drop table leaked', 'delete from canary where id = 6');
    expect(await fingerprint()).toEqual(before);
  });

  it('need their fence: without it a view that calls code of the writer would write', async () => {
    expect(await force('select * from v_write')).toBe('1792');
    expect(await withLogin(server, asReader(spec), 'select * from v_write')).toEqual([[1]]);
    expect(await withLogin(server, asWriter(spec), 'select count(*) from canary where id = 98')).toEqual([
      [1],
    ]);
    await withLogin(server, asWriter(spec), 'delete from canary where id = 98');
  });

  it('end in time, whatever a hint says (MY-018, MY-019)', async () => {
    const started = performance.now();
    expect(await force('SET STATEMENT max_statement_time=0 FOR SELECT SLEEP(600)')).toBe('time_limit');
    const hinted = only(driver, 'SELECT /*+ MAX_EXECUTION_TIME(0) */ SLEEP(600)');
    await using session = await driver.open(target, 'read');
    await expect(runIn(session, hinted, { timeoutMs: 500 })).rejects.toMatchObject({
      problem: { code: 'time_limit' },
    });
    expect(performance.now() - started).toBeLessThan(6000);
  });

  it('hand the text of an error over as it is (MY-036)', async () => {
    await using session = await driver.open(writer, 'write');
    const text = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='<script>alert(1)</script>'";
    await expect(runIn(session, only(driver, text))).rejects.toMatchObject({
      problem: { message: '<script>alert(1)</script>' },
    });
  });

  it('have a login that no grant helps: SELECT and SHOW VIEW in one database', async () => {
    const grants = await withLogin<[string]>(server, asReader(spec), 'show grants');
    expect(grants.map(([line]) => line.replace(/ IDENTIFIED BY.*| TO .*/, '')).sort()).toEqual([
      `GRANT SELECT, SHOW VIEW ON \`${spec.database.replaceAll('_', '\\_')}\`.*`,
      'GRANT USAGE ON *.*',
    ]);
  });

  it('change nothing under 500 random statements with the writer’s login, as far as the analysis lets them (MY-039)', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const next = random(seed);
    const before = await fingerprint();
    let passed = 0;
    for (let count = 0; count < 500; count += 1) {
      const { statements, error } = driver.analyse(randomText(next));
      if (error !== null || statements.some((statement) => statement.class !== 'read')) continue;
      for (const statement of statements) {
        passed += 1;
        await using session = await driver.open(writer, 'read');
        await runIn(session, statement, { timeoutMs: 2000 }).catch(() => undefined);
      }
    }
    expect({ seed, passed: passed > 20, after: await fingerprint() }).toEqual({
      seed,
      passed: true,
      after: before,
    });
  }, 120_000);
});

/** A sequence of numbers below one that depends on the seed only (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const HEADS = [
  'select * from canary',
  'select id, v from canary where v = ',
  'with x as (select 1) ',
  'explain ',
  '(select 1) union ',
  'values (1) ',
  'show tables',
  'describe canary',
  'select ',
  'table canary',
  'analyze format=json ',
  'desc ',
  'explain format=json ',
];
const PARTS = [
  'delete from canary',
  'insert into canary values (7, 7)',
  'drop table canary',
  'truncate canary',
  'select 1',
  '1',
  'f_write()',
  '`f_write`()',
  'count (*)',
  'into outfile "/tmp/x"',
  'into @a',
  'for update',
  'lock in share mode',
  '@a := 1',
  'p_commit()',
  ';',
  'commit',
  'begin not atomic commit',
  'end',
  "'",
  '"',
  '`',
  '\\',
  '--',
  '-- ',
  '#',
  '\n',
  '/*',
  '*/',
  '/*!',
  '/*M!',
  '/*!50000 ',
  '(',
  ')',
  ',',
  '.',
  '*',
  'from canary',
  'where 1',
  'union',
  'as x',
  'procedure analyse()',
  'call p_commit()',
  'delimiter //\n',
  '//',
  'nextval(counter)',
  'next value for counter',
  'rename table canary to y',
  'create table z (a int)',
  'set @a = 1',
  "'a\\''",
];

function randomText(next: () => number): string {
  const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? '';
  const length = Math.floor(next() * 5);
  return [pick(HEADS), ...Array.from({ length }, () => pick(PARTS))].join(next() < 0.8 ? ' ' : '');
}
