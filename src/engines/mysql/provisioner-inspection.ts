import type {
  AskServer,
  Deviation,
  MarkedObject,
  OverdueLimits,
  ProvisionStep,
  SandboxActivity,
  SandboxInspector,
  SandboxNames,
  SandboxSpec,
  SandboxState,
  ServerIdentity,
} from '../provisioning.js';
import { findDeviations } from './provisioner-deviations.js';
import { isMariadb, readServer } from './provisioner-facts.js';
import { server } from './provisioner-logins.js';
import { account, ident, literal, OBJECTS, OWN_PROGRAM } from './provisioner-sql.js';

/** Every name of ours has this shape, so that what merely looks marked is never touched. */
const OUR_NAME = /^db_[a-z0-9_]{1,60}$/;
const OLDEST_MARIADB = [10, 6];
const OLDEST_MYSQL = [8, 0];

/** Storage that reaches files, other servers or programs. */
const FOREIGN_STORAGE = ['FEDERATED', 'CONNECT', 'SPIDER', 'S3', 'OQGRAPH', 'MROONGA', 'SPHINX'];

/** What the admin needs for himself and to pass on. */
const NEEDED = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'ALTER',
  'TRIGGER',
  'CREATE USER',
  'PROCESS',
];

/** Looks at sandboxes on MySQL and MariaDB with the admin's login. */
export class MysqlInspector implements SandboxInspector {
  async identify(ask: AskServer): Promise<ServerIdentity> {
    const mariadb = await isMariadb(ask);
    const id = mariadb ? '@@server_uid' : '@@server_uuid';
    const [row] = await ask<{ id: string; version: string }>(
      null,
      `select ${id} as id, version() as version`,
    );
    if (row === undefined) throw new Error('The server does not say which one it is.');
    const version = /^[\d.]+/.exec(row.version)?.[0] ?? row.version;
    return {
      clusterId: row.id,
      version: mariadb ? `MariaDB ${version}` : `MySQL ${version}`,
      obstacle: await this.obstacle(ask, version, mariadb),
    };
  }

  async sizes(ask: AskServer, databases: readonly string[]): Promise<Map<string, number>> {
    if (databases.length === 0) return new Map();
    const rows = await ask<{ name: string; bytes: string }>(
      null,
      `select s.schema_name as name, cast(coalesce(sum(t.data_length + t.index_length), 0) as char) as bytes
         from information_schema.schemata s left join information_schema.tables t on t.table_schema = s.schema_name
        where s.schema_name in (${databases.map(() => '?').join(', ')}) group by s.schema_name`,
      databases,
    );
    return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
  }

  /** Where the server keeps what programs say of themselves, the product's own connections are left out. */
  async activity(ask: AskServer, sandboxes: readonly SandboxNames[]): Promise<SandboxActivity[]> {
    const found: SandboxActivity[] = [];
    for (const { database, writeLogin, readLogin } of sandboxes) {
      const [row] = await ask<{ connections: number | string; idle_ms: string | null }>(
        null,
        `select count(*) as connections,
                cast(min(if(p.command = 'Sleep', p.time * 1000, 0)) as char) as idle_ms
           from information_schema.processlist p
          where p.user in (?, ?) and not exists (
                  select 1 from performance_schema.session_connect_attrs a
                   where a.processlist_id = p.id and a.attr_name = 'program_name' and a.attr_value = ?)`,
        [writeLogin, readLogin, OWN_PROGRAM],
      );
      const connections = Number(row?.connections ?? 0);
      const idle = row?.idle_ms ?? null;
      if (connections > 0) found.push({ database, connections, idleMs: idle === null ? null : Number(idle) });
    }
    return found;
  }

  async deviations(ask: AskServer, spec: SandboxSpec, state: SandboxState): Promise<Deviation[]> {
    return findDeviations(spec, state, await readServer(ask, spec));
  }

  async marked(ask: AskServer, prefix: string): Promise<MarkedObject[]> {
    const rows = await ask<MarkedObject>(
      null,
      `select kind, name, marker from ${OBJECTS} where left(marker, char_length(?)) = ? order by name`,
      [prefix, prefix],
    );
    return rows.filter(({ name }) => OUR_NAME.test(name));
  }

  removal({ kind, name }: MarkedObject): readonly ProvisionStep[] {
    const object =
      kind === 'database' ? `database if exists ${ident(name)}` : `user if exists ${account(name)}`;
    return [server(`drop ${object}`), server(`delete from ${OBJECTS} where name = ${literal(name)}`)];
  }

  async endOverdue(ask: AskServer, limits: OverdueLimits): Promise<number> {
    const rows = await ask<{ command: string }>(
      null,
      `select concat(if(p.command = 'Sleep', 'kill ', 'kill query '), p.id) as command
         from information_schema.processlist p join ${OBJECTS} o on o.name = p.user and o.kind = 'login'
         left join information_schema.innodb_trx t on t.trx_mysql_thread_id = p.id
        where (p.command not in ('Sleep', 'Daemon') and p.time * 1000 > ?)
           or (p.command = 'Sleep' and t.trx_id is not null and p.time * 1000 > ?)`,
      [limits.statementMs, limits.idleInTransactionMs],
    );
    for (const { command } of rows) await ask(null, command);
    return rows.length;
  }

  private async obstacle(ask: AskServer, version: string, mariadb: boolean): Promise<string | null> {
    if (isOlder(version, mariadb ? OLDEST_MARIADB : OLDEST_MYSQL)) {
      return `it runs version ${version}, and sandboxes need MySQL 8.0, or MariaDB 10.6, or newer`;
    }
    const engines = await ask<{ engine: string }>(
      null,
      `select engine from information_schema.engines where support in ('YES', 'DEFAULT')
          and engine in (${FOREIGN_STORAGE.map(literal).join(', ')})`,
    );
    const [foreign] = engines;
    if (foreign !== undefined) {
      return `its storage engine ${foreign.engine} reaches outside of a database, and a login cannot be kept from it`;
    }
    const rights = await ask<{ right: string }>(
      null,
      `select privilege_type as \`right\` from information_schema.user_privileges
        where grantee = concat(quote(substring_index(current_user(), '@', 1)), '@', quote(substring_index(current_user(), '@', -1)))
          and is_grantable = 'YES'`,
    );
    const missing = NEEDED.find((needed) => !rights.some(({ right }) => right === needed));
    return missing === undefined ? null : `its login lacks ${missing} with the right to pass it on`;
  }
}

function isOlder(version: string, oldest: readonly number[]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
