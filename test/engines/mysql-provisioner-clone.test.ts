import { MysqlProvisioner } from '../../src/engines/mysql/provisioner.js';
import type { ServerAdmin } from '../../src/engines/provisioning.js';
import { asReader, asWriter, withLogin } from '../support/mysql-sandbox.js';
import { sandboxSpec } from '../support/sandbox-server.js';
import { describeOnMysql } from '../support/servers.js';

const provisioner = new MysqlProvisioner();

const CONTENT = [
  `create table parents (id int primary key auto_increment, name varchar(20) not null default 'it''s', born datetime(6),
     data json, bits bit(10), shape point, loud varchar(30) generated always as (concat(name, '?')) stored, check (name <> 'bad'))`,
  'create table `odd ``name` (a int, `b c` varchar(10), parent int, unique (a), key (`b c`(5)), foreign key (parent) references parents (id) on delete cascade on update set null)',
  "insert into parents (id, born, data, bits, shape) values (1, '2026-01-02 03:04:05.678901', '{\"a\": [1.0]}', b'1000000001', point(1, 2)), (7, null, null, null, null)",
  "insert into `odd ``name` values (1, 'x', 1), (2, 'y', 7), (3, null, null)",
  'create sequence counter start with 5 increment by 2',
  'do nextval(counter)',
  "create function doubled(n int, word varchar(20)) returns varchar(50) deterministic comment 'it''s' return concat(n * 2, word)",
  'create procedure add_parent(in who varchar(20), out made int) modifies sql data begin insert into parents (name) values (who); set made = last_insert_id(); end',
  'create view a_view as select p.id, doubled(p.id, p.name) as d from z_view p',
  "create view z_view as select id, name from parents where name <> '`x`.' with local check option",
  "create trigger first_one before insert on parents for each row set new.name = replace(new.name, 'new', 'NEW')",
  "create trigger second_one before insert on parents for each row follows first_one set new.name = replace(new.name, 'NEW', 'NEW!')",
];

describeOnMysql('clones on', (server) => {
  const source = sandboxSpec({ encoding: { characterSet: 'utf8mb4', collation: 'utf8mb4_general_ci' } });
  const clone = sandboxSpec();
  let admin: ServerAdmin;

  beforeAll(async () => {
    admin = provisioner.connect(server.url);
    await admin.locked(1, async () => admin.run(provisioner.prepareServer()));
    await admin.run(provisioner.create(source, 'sample'));
    // The first view needs the second: they are made as a person would, and come out of the catalog by name.
    const [first = '', second = ''] = CONTENT.filter((text) => text.startsWith('create view'));
    const ordered = CONTENT.map((text) => (text === first ? second : text === second ? first : text));
    await withLogin(server, asWriter(source), ...ordered);
    await withLogin(
      server,
      asWriter(source),
      "set sql_mode = 'ANSI_QUOTES'",
      'create procedure quoted() select "id" from parents',
    );
    await admin.run(provisioner.stop(source));
    await admin.run(provisioner.create(clone, source));
    await admin.run(provisioner.start(source));
  }, 120_000);

  afterAll(async () => {
    for (const spec of [source, clone]) await admin.run(provisioner.drop(spec));
    await admin.close();
  });

  it.each([
    'select * from customers order by id',
    'select * from order_lines order by order_id, line_number',
    'select * from order_totals order by order_id',
    'select *, hex(shape) from parents order by id',
    'select * from `odd ``name` order by a',
    'select * from a_view order by id',
    'show tables',
  ])('have what the source has: %s', async (sql) => {
    const theirs = await withLogin(server, asReader(source), sql);
    const ours = await withLogin(server, asReader(clone), sql);
    const renamed = JSON.parse(JSON.stringify(theirs).replaceAll(source.database, clone.database)) as unknown;
    expect(JSON.parse(JSON.stringify(ours))).toEqual(renamed);
    expect(ours.length).toBeGreaterThan(0);
  });

  it('have the same tables, keys and checks', async () => {
    for (const table of ['parents', '`odd ``name`', 'customers', 'orders', 'order_lines', 'products']) {
      const [[, theirs]] = (await withLogin<[string, string]>(
        server,
        asReader(source),
        `show create table ${table}`,
      )) as [[string, string]];
      const [[, ours]] = (await withLogin<[string, string]>(
        server,
        asReader(clone),
        `show create table ${table}`,
      )) as [[string, string]];
      expect(sorted(ours)).toEqual(sorted(theirs));
    }
  });

  it('have code that works in them, and belongs to their own login', async () => {
    const writer = asWriter(clone);
    expect(await withLogin(server, writer, "select doubled(4, 'é')")).toEqual([['8é']]);
    await withLogin(server, writer, "call add_parent('new', @made)");
    expect(await withLogin(server, writer, 'select name from parents where id = 8')).toEqual([['NEW!']]);
    expect(await withLogin(server, writer, 'call quoted()')).toBeDefined();
    expect(await withLogin(server, writer, 'select nextval(counter)')).not.toEqual([[5]]);
    expect(await withLogin(server, asReader(source), 'select count(*) from parents')).toEqual([[2]]);
    const definers = await admin.ask<{ definer: string }>(
      null,
      `select definer from information_schema.routines where routine_schema = ?
       union select definer from information_schema.views where table_schema = ?
       union select definer from information_schema.triggers where trigger_schema = ?`,
      [clone.database, clone.database, clone.database],
    );
    expect(definers).toEqual([{ definer: `${clone.writeLogin}@%` }]);
  });

  it('keep what their checks and keys keep', async () => {
    const writer = asWriter(clone);
    await expect(
      withLogin(server, writer, "insert into `odd ``name` values (9, 'z', 999)"),
    ).rejects.toMatchObject({ errno: 1452 });
    await expect(
      withLogin(server, writer, "insert into parents (name) values ('bad')"),
    ).rejects.toMatchObject({
      errno: 4025,
    });
    await expect(withLogin(server, writer, "insert into z_view values (50, '`x`.')")).rejects.toMatchObject({
      errno: 1369,
    });
    await withLogin(server, writer, "insert into z_view values (50, 'y')");
    await withLogin(server, writer, 'delete from parents where id = 7');
    expect(await withLogin(server, writer, 'select a from `odd ``name` order by a')).toEqual([[1], [3]]);
  });

  it('keep the logins of the source out, and theirs out of the source', async () => {
    await expect(
      withLogin(server, asWriter(source), `select * from ${clone.database}.parents`),
    ).rejects.toMatchObject({ errno: 1142 });
    await expect(
      withLogin(server, asWriter(clone), `select * from ${source.database}.parents`),
    ).rejects.toMatchObject({ errno: 1142 });
    expect(await provisioner.inspector.deviations(admin.ask, clone, 'running')).toEqual([]);
    expect(await provisioner.inspector.deviations(admin.ask, source, 'running')).toEqual([]);
  });

  it('fail as a whole when something cannot be taken over, and leave the source as it was', async () => {
    const broken = sandboxSpec();
    await withLogin(
      server,
      asWriter(source),
      'create table soon (a int)',
      'create view hollow as select a from soon',
      'drop table soon',
    );
    await admin.run(provisioner.stop(source));
    await expect(admin.run(provisioner.create(broken, source))).rejects.toThrow();
    await admin.run(provisioner.start(source));
    await admin.run(provisioner.drop(broken));
    await withLogin(server, asWriter(source), 'drop view hollow');
    expect(await withLogin(server, asReader(source), 'select count(*) from parents')).toEqual([[2]]);
  });
});

/** Constraints come out in the order in which they were made. */
function sorted(definition: string): string[] {
  return (
    definition
      .replace(/ AUTO_INCREMENT=\d+/, '')
      .split('\n')
      // The index that a foreign key makes for itself is named anew.
      .map((line) =>
        line
          .trim()
          .replace(/,$/, '')
          .replace(/^KEY `parent` |^KEY `odd ``name_ibfk_1` /, 'KEY '),
      )
      .sort()
  );
}
