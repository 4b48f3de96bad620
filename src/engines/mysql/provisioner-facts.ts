import type { AskServer, SandboxNames } from '../provisioning.js';
import { OBJECTS } from './provisioner-sql.js';

/** A login as it stands on the server. */
export interface LoginFacts {
  readonly locked: boolean;
  readonly connectionLimit: number;
  /** Null where the server has no such limit. */
  readonly statementSeconds: number | null;
  /** What the server keeps of the password, where that can be compared. */
  readonly passwordHash: string | null;
  /** `SCOPE: PRIVILEGE`; the scope is a database as GRANT writes it, or anything that no sandbox should have. */
  readonly privileges: readonly string[];
  readonly marker: string | null;
}

export interface ServerFacts {
  readonly logins: ReadonlyMap<string, LoginFacts>;
  readonly database: { readonly marker: string | null } | null;
  /** Sessions of the two logins. */
  readonly sessions: number;
}

interface AccountRow {
  readonly name: string;
  readonly locked: number | string;
  readonly connection_limit: number | string;
  readonly statement_seconds: number | string | null;
  readonly hash: string | null;
}

const MARIADB_ACCOUNTS = `
  select User as name, coalesce(json_value(Priv, '$.account_locked'), 0) as locked,
         coalesce(json_value(Priv, '$.max_user_connections'), 0) as connection_limit,
         coalesce(json_value(Priv, '$.max_statement_time'), 0) as statement_seconds,
         if(json_value(Priv, '$.plugin') = 'mysql_native_password' and not json_exists(Priv, '$.auth_or'),
            json_value(Priv, '$.authentication_string'), '') as hash
    from mysql.global_priv where Host = '%' and User in (?, ?)`;

const MYSQL_ACCOUNTS = `
  select user as name, account_locked = 'Y' as locked, max_user_connections as connection_limit,
         null as statement_seconds, null as hash
    from mysql.user where host = '%' and user in (?, ?)`;

/** Whatever a login may do, wherever that was written down. */
const PRIVILEGES = (roles: string): string => `
  select grantee, concat('*: ', privilege_type, if(is_grantable = 'YES', '*', '')) as privilege
    from information_schema.user_privileges where privilege_type <> 'USAGE'
  union all select grantee, concat(table_schema, ': ', privilege_type, if(is_grantable = 'YES', '*', ''))
    from information_schema.schema_privileges
  union all select grantee, concat(table_schema, '.', table_name, ': ', privilege_type)
    from information_schema.table_privileges
  union all select grantee, concat(table_schema, '.', table_name, '.', column_name, ': ', privilege_type)
    from information_schema.column_privileges
  union all select concat(quote(user), '@', quote(host)), concat(db, '.', routine_name, '(): ', proc_priv)
    from mysql.procs_priv
  union all select concat(quote(user), '@', quote(host)), concat('proxy for ', proxied_user, ': PROXY')
    from mysql.proxies_priv
  union all ${roles}`;

const MARIADB_ROLES = `select concat(quote(user), '@', quote(host)), concat('role ', role, ': MEMBER')
    from mysql.roles_mapping`;
const MYSQL_ROLES = `select concat(quote(to_user), '@', quote(to_host)), concat('role ', from_user, ': MEMBER')
    from mysql.role_edges`;

export async function isMariadb(ask: AskServer): Promise<boolean> {
  const [row] = await ask<{ version: string }>(null, 'select version() as version');
  return /mariadb/i.test(row?.version ?? '');
}

export async function readServer(ask: AskServer, names: SandboxNames): Promise<ServerFacts> {
  const { database, writeLogin, readLogin } = names;
  const mariadb = await isMariadb(ask);
  const logins = [writeLogin, readLogin];
  const accounts = await ask<AccountRow>(null, mariadb ? MARIADB_ACCOUNTS : MYSQL_ACCOUNTS, logins);
  const privileges = await readPrivileges(ask, logins, mariadb);
  const markers = await readMarkers(ask, [database, ...logins]);
  const schemas = await ask(
    null,
    'select schema_name from information_schema.schemata where schema_name = ?',
    [database],
  );
  const [sessions] = await ask<{ count: number | string }>(
    null,
    'select count(*) as count from information_schema.processlist where user in (?, ?)',
    logins,
  );
  return {
    logins: new Map(accounts.map((row) => [row.name, loginFrom(row, privileges, markers)])),
    database: schemas.length === 0 ? null : { marker: markers.get(database) ?? null },
    sessions: Number(sessions?.count ?? 0),
  };
}

function loginFrom(
  row: AccountRow,
  privileges: ReadonlyMap<string, string[]>,
  markers: ReadonlyMap<string, string>,
): LoginFacts {
  const seconds = row.statement_seconds;
  return {
    locked: Number(row.locked) === 1 || row.locked === 'true',
    connectionLimit: Number(row.connection_limit),
    statementSeconds: seconds === null ? null : Number(seconds),
    passwordHash: row.hash,
    privileges: privileges.get(row.name) ?? [],
    marker: markers.get(row.name) ?? null,
  };
}

async function readPrivileges(
  ask: AskServer,
  logins: readonly string[],
  mariadb: boolean,
): Promise<Map<string, string[]>> {
  const all = PRIVILEGES(mariadb ? MARIADB_ROLES : MYSQL_ROLES);
  const found = new Map<string, string[]>();
  for (const login of logins) {
    const rows = await ask<{ privilege: string }>(
      null,
      `select privilege from (${all}) p where grantee = concat(quote(?), '@', quote('%')) order by 1`,
      [login],
    );
    found.set(
      login,
      rows.map(({ privilege }) => privilege),
    );
  }
  return found;
}

async function readMarkers(ask: AskServer, names: readonly string[]): Promise<Map<string, string>> {
  const rows = await ask<{ name: string; marker: string }>(
    null,
    `select name, marker from ${OBJECTS} where name in (?, ?, ?)`,
    names,
  );
  return new Map(rows.map(({ name, marker }) => [name, marker]));
}
