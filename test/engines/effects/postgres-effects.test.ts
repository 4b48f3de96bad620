import type { StatementEffect } from '../../../src/engines/effects.js';
import type { EngineDriver, EngineError, EngineSession, Target } from '../../../src/engines/engine.js';
import { JsonRows } from '../../../src/engines/json-rows.js';
import { PostgresDriver } from '../../../src/engines/postgres/postgres-driver.js';
import { postgresServers } from '../../support/servers.js';
import { LIMITS, only, runIn } from '../engine.contract.js';
import { targetOf, withAdmin } from '../postgres-target.js';
import { Random, randomCase } from './random-tables.js';

const TYPES = [
  { type: 'int', constants: ['0', '-7', '2147483647'] },
  { type: 'bigint', constants: ['9007199254740993', '-1'] },
  { type: 'numeric', constants: ['1.50', '1e30', `'NaN'`] },
  { type: 'double precision', constants: ['0.1', `'-infinity'`, `'NaN'`, '1e-300', `'-0'`] },
  { type: 'text', constants: [`''`, `'it''s'`, `E'back\\\\slash\\n'`, `'ünïcödé 🐘'`] },
  { type: 'character(5)', constants: [`'ab'`, `'abcde'`, `''`] },
  { type: 'boolean', constants: ['true', 'false'] },
  { type: 'json', constants: [`'{"b": 1.0,  "a": null}'`, `'[]'`] },
  { type: 'jsonb', constants: [`'{"b": 1.0}'`, `'"x"'`] },
  { type: 'bytea', constants: [`'\\x00ff'`, `''`] },
  { type: 'timestamptz', constants: [`'2026-03-01 12:00:00.123456+02'`, `'infinity'`] },
  { type: 'interval', constants: [`'1 mon 2 days 03:04:05.000006'`] },
  { type: 'int[]', constants: [`'{1,NULL,3}'`, `'{}'`] },
  { type: 'int4range', constants: [`'[1,5)'`, `'empty'`] },
  { type: 'uuid', constants: [`'018f0000-0000-7000-8000-000000000000'`] },
  { type: 'xml', constants: [`'<a/>'`] },
  { type: 'point', constants: [`'(1,2)'`] },
];
const CASES = 100;

describe.each(postgresServers())('the effect of a statement on PostgreSQL "$name"', ({ url, name }) => {
  const database = `effects_${Math.random().toString(36).slice(2)}`;
  let driver: EngineDriver;
  let target: Target;
  let session: EngineSession;
  let modern: boolean;

  beforeAll(async () => {
    await withAdmin(url, async (client) => client.query(`create database ${database}`));
    const own = new URL(url);
    own.pathname = `/${database}`;
    target = targetOf(own.toString());
    driver = await PostgresDriver.load();
    session = await driver.open(target, 'write');
    modern = Number((await rowsOf(`select current_setting('server_version_num')::int`))[0]?.[0]) >= 180_000;
  });

  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await driver.close();
    await withAdmin(url, async (client) => client.query(`drop database ${database} with (force)`));
  });

  const exec = async (sql: string): Promise<void> => {
    for (const statement of driver.analyse(sql).statements) await runIn(session, statement);
  };
  const rowsOf = async (sql: string) => (await runIn(session, only(driver, sql))).sink.rows();
  const within = async (
    sql: string,
    end: 'commit' | 'rollback',
    sink = new JsonRows(),
    unapproved = true,
  ): Promise<StatementEffect> => {
    await session.begin({ snapshot: true });
    try {
      const { signal } = new AbortController();
      const effect = await session.runCaptured?.(only(driver, sql), {
        limits: LIMITS,
        sink,
        signal,
        unapproved,
      });
      await session[end]();
      if (effect === undefined) throw new Error('This engine sees no effects.');
      return effect;
    } catch (error) {
      await session.rollback();
      throw error;
    }
  };
  const refusal = async (sql: string): Promise<string> =>
    within(sql, 'rollback').then(
      () => 'seen',
      (error: unknown) => (error as EngineError).problem.code,
    );
  const undo = async (effect: StatementEffect): Promise<number[]> => {
    const affected: number[] = [];
    await session.begin();
    for (const table of effect.tables.toReversed()) {
      for (const step of driver.undo?.(table) ?? []) {
        const { end } = await runIn(session, only(driver, step.text));
        affected.push(end.affectedRows ?? -1);
      }
    }
    await session.commit();
    return affected;
  };

  it('is told by row, before and after, and by number', async () => {
    await exec(`drop table if exists t cascade; create table t (id int primary key, state text, note text);
                insert into t values (1, 'open', null), (2, 'open', 'x'), (3, 'done', null)`);
    const effect = await within(`update t as orders set state = 'closed' where state = 'open'`, 'rollback');
    expect(effect).toMatchObject({ affectedRows: 2, touched: [], remarks: [] });
    expect(effect.tables).toMatchObject([
      { table: 't', inserted: 0, updated: 2, deleted: 0, complete: true },
    ]);
    expect(effect.tables[0]?.rows).toEqual([
      { before: ['1', 'open', null], after: ['1', 'closed', null] },
      { before: ['2', 'open', 'x'], after: ['2', 'closed', 'x'] },
    ]);
  });

  it('has the same digest for the same rows, and another for others', async () => {
    await exec(`drop table if exists t cascade; create table t (id int primary key, n int);
                insert into t select i, i from generate_series(1, 9) i`);
    const digest = async (sql: string) => (await within(sql, 'rollback')).digest;
    const first = await digest('update t set n = 0 where id in (1, 2)');
    expect(await digest('update t set n = 7 where n < 3')).toBe(first);
    expect(await digest('update t set n = 0 where id in (1, 3)')).not.toBe(first);
    expect(await digest('delete from t where id in (1, 2)')).not.toBe(first);
  });

  it('leaves out nothing of what the statement itself returns', async () => {
    await exec('drop table if exists t cascade; create table t (id int primary key, n int)');
    const sink = new JsonRows();
    const effect = await within(
      'insert into t values (1, 2), (3, 4) returning n * 10 as tens, id',
      'commit',
      sink,
    );
    expect(sink.columnList.map((column) => column.name)).toEqual(['tens', 'id']);
    expect(sink.rows()).toEqual([
      [20, 1],
      [40, 3],
    ]);
    expect(effect.tables[0]).toMatchObject({ inserted: 2 });
  });

  it('counts what triggers and cascades do to other tables and to the same one', async () => {
    await exec(`drop table if exists child, parent, log;
      create table parent (id int primary key); create table child (parent_id int references parent on delete cascade);
      create table log (what text);
      create or replace function note() returns trigger language plpgsql as $$
        begin insert into log values (tg_op); return null; end $$;
      create trigger note after delete on parent for each row execute function note();
      insert into parent values (1), (2); insert into child values (1), (1), (2)`);
    const effect = await within('delete from parent where id = 1', 'rollback');
    expect(effect.tables).toMatchObject([{ table: 'parent', deleted: 1 }]);
    expect(effect.touched).toEqual([
      { table: 'public.child', inserted: 0, updated: 0, deleted: 2 },
      { table: 'public.log', inserted: 1, updated: 0, deleted: 0 },
    ]);
  });

  it('is seen through partitions, comments, aliases and WITH', async () => {
    await exec(`drop table if exists p; create table p (id int, at int, primary key (id, at)) partition by range (at);
      create table p1 partition of p for values from (0) to (10); create table p2 partition of p for values from (10) to (20);
      insert into p values (1, 1), (2, 11)`);
    const text = `with wanted as (select 2 as id) /* who */ delete from p x using wanted where x.id = wanted.id -- last`;
    expect(await within(text, 'rollback')).toMatchObject({
      affectedRows: 1,
      touched: [],
      tables: [{ table: 'p' }],
    });
  });

  it('keeps rows without a key apart, also where all of a row is NULL', async () => {
    await exec(
      'drop table if exists t cascade; create table t (a int, b int); insert into t values (null, null), (1, 2)',
    );
    expect(await refusal('update t set a = 5')).toBe(modern ? 'seen' : 'effect_unknown');
    const { tables, remarks } = await within('delete from t', 'rollback');
    expect(tables).toMatchObject([{ deleted: 2, rows: [{ after: null }, { after: null }] }]);
    expect(remarks).toEqual([expect.stringContaining('no key')]);
  });

  it('tells what became of a transaction, from another session', async () => {
    await exec('drop table if exists t cascade; create table t (a int)');
    const tokens: string[] = [];
    for (const end of ['commit', 'rollback'] as const) {
      await session.begin();
      tokens.push((await session.transactionToken?.()) ?? '');
      await runIn(session, only(driver, 'insert into t values (1)'));
      expect(await driver.outcome?.(target, tokens.at(-1) ?? '')).toBe('running');
      await session[end]();
    }
    const outcomes = await Promise.all(tokens.map(async (token) => driver.outcome?.(target, token)));
    expect(outcomes).toEqual(['committed', 'aborted']);
    expect(await driver.outcome?.(target, '1); drop table t --')).toBe('unknown');
  });

  it('does not try code that nobody approved, and runs it once somebody has', async () => {
    await exec(`drop table if exists t cascade; create table t (id int primary key, n bigint); create sequence if not exists s;
      create or replace function side() returns int language sql as 'select 7'; insert into t values (1, 1)`);
    expect(await refusal('update t set n = side()')).toBe('effect_unknown');
    expect(await refusal(`update t set n = nextval('s')`)).toBe('seen');
    const approved = await within('update t set n = side()', 'rollback', new JsonRows(), false);
    expect(approved.tables[0]?.rows).toEqual([{ before: ['1', '1'], after: ['1', '7'] }]);
  });

  it('tells an upsert apart from an insert where the server can', async () => {
    await exec(
      'drop table if exists t cascade; create table t (id int primary key, n int); insert into t values (1, 1)',
    );
    const upsert = 'insert into t values (1, 5), (2, 5) on conflict (id) do update set n = excluded.n';
    if (!modern) expect(await refusal(upsert)).toBe('effect_unknown');
    else expect((await within(upsert, 'rollback')).tables).toMatchObject([{ inserted: 1, updated: 1 }]);
  });

  it('says that it is incomplete when more rows change than are kept', async () => {
    await exec(
      'drop table if exists t cascade; create table t (id int primary key); insert into t select generate_series(1, 2000)',
    );
    const effect = await within('delete from t', 'rollback');
    expect(effect).toMatchObject({ affectedRows: 2000, tables: [{ complete: false }] });
    expect(effect.remarks).toHaveLength(1);
    expect(() => driver.undo?.(effect.tables[0] ?? (undefined as never))).toThrow('known whole');
  });

  it('is refused where it could not be seen, before anything runs', async () => {
    await exec(`drop view if exists v; drop table if exists t, r cascade; create table t (id int primary key, n int);
      create view v as select * from t; create table r (id int); create rule quiet as on delete to r do instead nothing`);
    expect(await refusal('delete from v')).toBe('effect_unknown');
    expect(await refusal('delete from r')).toBe('effect_unknown');
    expect(await refusal('with x as (delete from t returning *) insert into t select * from x')).toBe(
      'effect_unknown',
    );
    expect(await refusal('select 1')).toBe('effect_unknown');
    expect(await refusal('delete from nowhere')).toBe('42P01');
    expect(await refusal('delete from t')).toBe('seen');
  });

  it('is taken back only where nobody changed the row since', async () => {
    await exec(`drop table if exists t cascade; create table t (id int primary key, n int, j json);
                insert into t values (1, 1, '{"a": 1}'), (2, 2, null), (3, 3, null)`);
    const effect = await within('update t set n = n + 10', 'commit');
    await exec('update t set n = 99 where id = 2');
    expect(await undo(effect)).toEqual([1, 0, 1]);
    expect(await rowsOf('select id, n from t order by id')).toEqual([
      [1, 1],
      [2, 99],
      [3, 3],
    ]);
  });

  it('holds for identity and generated columns', async () => {
    await exec(`drop table if exists t cascade; create table t (id int generated always as identity primary key, n int,
                twice int generated always as (n * 2) stored); insert into t (n) values (1), (2)`);
    const whole = 'select * from t order by id';
    const before = await rowsOf(whole);
    expect(await undo(await within('delete from t where n = 1', 'commit'))).toEqual([1]);
    expect(await undo(await within('update t set n = 7 where n = 2', 'commit'))).toEqual([1]);
    const inserted = await within('insert into t (n) values (5)', 'commit');
    expect(inserted.remarks).toEqual([expect.stringContaining('sequence')]);
    expect(await undo(inserted)).toEqual([1]);
    expect(await rowsOf(whole)).toEqual(before);
  });

  it(`of ${String(CASES)} random statements is exactly what happens, and is taken back exactly`, async () => {
    let changed = 0;
    for (let seed = 1; seed <= CASES; seed += 1) {
      const { create, change, read } = randomCase(new Random(seed), TYPES);
      await exec(`drop table if exists t cascade; ${create.join('; ')}`);
      const before = await rowsOf(read);
      const preview = await within(change, 'rollback');
      expect([seed, await rowsOf(read)]).toEqual([seed, before]);
      const execution = await within(change, 'commit');
      expect([seed, { ...execution, durationMs: 0 }]).toEqual([seed, { ...preview, durationMs: 0 }]);
      const steps = await undo(execution);
      expect([seed, change, steps.filter((count) => count !== 1)]).toEqual([seed, change, []]);
      expect([seed, change, await rowsOf(read)]).toEqual([seed, change, before]);
      changed += execution.affectedRows;
    }
    expect([name, changed > CASES]).toEqual([name, true]);
  });
});
