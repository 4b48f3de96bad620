import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { join } from 'node:path';
import type { AccessMode, Statement } from '../../src/engines/engine.js';
import { SqliteDriver } from '../../src/engines/sqlite/sqlite-driver.js';
import { only, runIn } from './engine.contract.js';
import { ENDLESS, makeFile, newFolder, problemOf, SqliteWorld, targetOf } from './sqlite-world.js';

/** Attacks by their number, each text tried on its own; `writes` marks what the login that writes may do. */
const REFUSED: readonly { readonly id: string; readonly texts: readonly string[] }[] = [
  {
    id: 'LT-001',
    texts: ["attach 'OTHER' as o", "attach database 'file:OTHER?mode=rwc' as o", 'detach main'],
  },
  { id: 'LT-002', texts: ["vacuum into 'COPY'", "vacuum main into 'COPY'"] },
  { id: 'LT-003', texts: ['pragma query_only = 0', 'pragma query_only(0)', 'pragma main.query_only = off'] },
  {
    id: 'LT-004',
    texts: ['pragma writable_schema = on', "update sqlite_master set sql = 'x'", 'delete from sqlite_schema'],
  },
  { id: 'LT-005', texts: ["select load_extension('COPY')", 'select "LOAD_EXTENSION"(1)'] },
  {
    id: 'LT-006',
    texts: ["select writefile('COPY', 'x')", "select readfile('OTHER')", "select edit('x')"],
  },
  { id: 'LT-012', texts: ["create virtual table v using csv(filename = 'OTHER')"] },
  { id: 'LT-015', texts: ["pragma temp_store_directory = 'COPY'", "pragma data_store_directory = 'COPY'"] },
  {
    id: 'more',
    texts: [
      'pragma journal_mode = off',
      'pragma trusted_schema = on',
      'pragma mmap_size = 1000000',
      'pragma hard_heap_limit = 0',
      'pragma database_list',
      'select * from pragma_database_list',
      "select fts3_tokenizer('simple', x'0000000000000000')",
      "insert into sqlite_dbpage values (1, x'00')",
    ],
  },
];

const WRITES = [
  'insert into canary values (4)',
  'create table leak (a)',
  'create temp table leak (a)',
  'begin',
];

describe('attacks through SQLite', () => {
  let world: SqliteWorld;
  let other: string;
  beforeAll(async () => {
    world = await SqliteWorld.make();
    other = makeFile(
      join(await newFolder(), 'other.db'),
      "create table secret (a); insert into secret values ('marker')",
    );
  });
  afterAll(async () => world.end());

  const canary = 'create table canary (n int); insert into canary values (1), (2), (3)';

  /** The file to the last byte, what lies beside it, and the other tenant's file. */
  const fingerprint = async (path: string): Promise<string> => {
    const hash = createHash('sha256');
    for (const file of [path, other]) hash.update(await readFile(file));
    return hash.update((await readdir(world.folder)).sort().join()).digest('hex');
  };

  /** Sends a text as it is, whatever the analysis says of it: what is left is SQLite with its authorizer. */
  async function force(path: string, text: string, access: AccessMode): Promise<string> {
    const own = text.replaceAll('OTHER', other).replaceAll('COPY', join(world.folder, 'copy.db'));
    const statement: Statement = { ...only(world.driver, 'select 1'), text: own };
    await using session = await world.driver.open(targetOf(path), access);
    return (await problemOf(runIn(session, statement, { timeoutMs: 2000 })))?.code ?? 'ran';
  }

  it.each(REFUSED)('are refused as $id by what they are', ({ texts }) => {
    const classes = texts.map((text) => only(world.driver, text).class);
    const expected = texts.map((text) => (/^(?:update|delete|insert into c)/.test(text) ? 'dml' : 'admin'));
    expect(classes).toEqual(expected);
  });

  it.each(REFUSED.flatMap(({ id, texts }) => texts.map((text) => ({ id, text }))))(
    'fail with either login even when the analysis is left out: $id $text',
    async ({ text }) => {
      const { database } = world.file(canary);
      const before = await fingerprint(database);
      expect(await force(database, text, 'read')).not.toBe('ran');
      expect(await force(database, text, 'write')).not.toBe('ran');
      expect(await fingerprint(database)).toBe(before);
    },
  );

  it.each(WRITES)('cannot write with the login that reads: %s', async (text) => {
    const { database } = world.file(canary);
    const before = await fingerprint(database);
    expect(await force(database, text, 'read')).not.toBe('ran');
    expect(await fingerprint(database)).toBe(before);
    expect(await force(database, text, 'write')).toBe('ran');
  });

  it('are seen by the oracle when they do write', async () => {
    const { database } = world.file(canary);
    const before = await fingerprint(database);
    expect(await force(database, 'insert into canary values (4)', 'write')).toBe('ran');
    expect(await fingerprint(database)).not.toBe(before);
  });

  it('find a second statement behind the first refused, not left out', async () => {
    const { database } = world.file(canary);
    expect(await force(database, 'select 1; delete from canary', 'write')).toBe('SQLITE_ERROR');
    expect(await force(database, 'select 1 -- ; delete from canary', 'write')).toBe('ran');
  });

  it.each([
    'select count(*) from canary',
    'pragma table_info(canary)',
    "select name from pragma_table_info('canary')",
    'explain query plan select * from canary',
    'with a as (select 1) select * from a',
  ])('have twins that are allowed: %s', async (text) => {
    const { database } = world.file(canary);
    expect(only(world.driver, text).class).toBe('read');
    expect(await force(database, text, 'read')).toBe('ran');
  });

  describe('by the path (LT-007)', () => {
    const codeOf = async (path: string): Promise<string> =>
      (
        await problemOf(
          world.driver.open(targetOf(path), 'read').then(async (found) => found[Symbol.asyncDispose]()),
        )
      )?.code ?? 'opened';

    it('lead nowhere out of the folder', async () => {
      const { folder } = world;
      await mkdir(join(folder, 'a'), { recursive: true });
      const own = makeFile(join(folder, 'a', 'own.db'));
      await symlink(other, join(folder, 'a', 'link.db'));
      await symlink(join(other, '..'), join(folder, 'a', 'folder'));
      await symlink(own, join(folder, 'a', 'inside.db'));
      await link(own, join(folder, 'a', 'second.db'));
      const theirs = makeFile(join(folder, 'a', 'theirs.db'));
      await symlink(other, `${theirs}-journal`);
      expect({
        parent: await codeOf(join(folder, 'a', '../../..', other)),
        nul: await codeOf(`${join(folder, 'first.db')}\0.txt`),
        url: await codeOf('file:/etc/passwd'),
        relative: await codeOf('first.db'),
        environment: await codeOf('/proc/self/environ'),
        link: await codeOf(join(folder, 'a', 'link.db')),
        folderLink: await codeOf(join(folder, 'a', 'folder', 'other.db')),
        linkInside: await codeOf(join(folder, 'a', 'inside.db')),
        hardLink: await codeOf(join(folder, 'a', 'second.db')),
        journal: await codeOf(theirs),
        companion: await codeOf(`${join(folder, 'first.db')}-wal`),
        folder: await codeOf(join(folder, 'a')),
        root: await codeOf(folder),
        empty: await codeOf(''),
      }).toEqual({
        parent: 'path_refused',
        nul: 'path_refused',
        url: 'path_refused',
        relative: 'path_refused',
        environment: 'path_refused',
        link: 'path_refused',
        folderLink: 'path_refused',
        linkInside: 'path_refused',
        hardLink: 'path_refused',
        journal: 'path_refused',
        companion: 'path_refused',
        folder: 'path_refused',
        root: 'path_refused',
        empty: 'path_refused',
      });
      expect(await codeOf(join(folder, 'a', '..', 'first.db'))).toBe('opened');
    });

    it('lead nowhere at all without a folder', async () => {
      const off = new SqliteDriver(null);
      expect(await problemOf(off.open(world.target, 'read'))).toMatchObject({ code: 'not_configured' });
    });
  });

  it('cannot hold the web process up: an endless query runs elsewhere and is ended (LT-008)', async () => {
    await using session = await world.driver.open(world.target, 'read');
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const problem = await problemOf(runIn(session, only(world.driver, ENDLESS), { timeoutMs: 1000 }));
    delay.disable();
    expect(problem?.code).toBe('time_limit');
    expect(delay.max / 1e6).toBeLessThan(50);
  });

  it('cannot change a number on the way (LT-009)', async () => {
    await using session = await world.driver.open(world.target, 'read');
    expect(await world.rows(session, 'select 9007199254740993')).toEqual([['9007199254740993']]);
  });

  it('cannot come with the file: views are not trusted, damage is an error, ten thousand tables are read (LT-013)', async () => {
    const armed = world.file(
      "create view v as select load_extension('x') as a; create view w as select fts3_tokenizer('simple') as a",
    );
    await using session = await world.driver.open(armed, 'read');
    for (const view of ['v', 'w']) {
      const problem = await problemOf(runIn(session, only(world.driver, `select * from ${view}`)));
      expect(problem?.code).toMatch(/^SQLITE_(?:AUTH|ERROR)$/);
    }
    const damaged = world.file(canary);
    const bytes = await readFile(damaged.database);
    await writeFile(damaged.database, bytes.fill(0x41, 100, 4000));
    expect((await problemOf(world.driver.open(damaged, 'read')))?.code).toBe('SQLITE_CORRUPT');
    const tables = Array.from({ length: 10_000 }, (_, index) => `create table t${String(index)} (a, b)`).join(
      ';',
    );
    await using wide = await world.driver.open(world.file(`begin; ${tables}; commit`), 'read');
    const catalog = await wide.describe();
    expect(catalog.schemas[0]?.tables).toHaveLength(10_000);
    expect(catalog.schemas[0]?.tables[9]?.columns).toHaveLength(2);
  });

  it('need each of their defences: without the authorizer a read-only file still opens another', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const bare = new DatabaseSync(world.target.database, { readOnly: true });
    bare.exec(`attach '${other}' as o`);
    expect(bare.prepare('select a from o.secret').get()).toEqual({ a: 'marker' });
    bare.close();
  });
});
