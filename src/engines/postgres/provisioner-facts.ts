import type { AskServer, SandboxNames } from '../provisioning.js';

/** A login as it stands on the server. */
export interface LoginFacts {
  readonly name: string;
  readonly canLogin: boolean;
  /** Any of superuser, createdb, createrole, replication, bypassrls; never right. */
  readonly elevated: boolean;
  readonly connectionLimit: number;
  readonly expires: boolean;
  readonly marker: string | null;
  /** `name=value` of all databases, and `database.name=value` of single ones. */
  readonly settings: readonly string[];
  /** Roles it belongs to, and roles other than the platform's that belong to it. */
  readonly memberships: readonly string[];
  /** What the server keeps of the password; null when it cannot be read with this admin login. */
  readonly verifier: string | null;
}

export interface DatabaseFacts {
  readonly owner: string;
  readonly allowsConnections: boolean;
  readonly connectionLimit: number;
  readonly isTemplate: boolean;
  readonly marker: string | null;
  /** `grantee=PRIVILEGE`; PUBLIC is an empty grantee, a grant option ends in `*`. The owner's own are left out. */
  readonly privileges: readonly string[];
  readonly sessions: number;
}

export interface ServerFacts {
  readonly database: DatabaseFacts | null;
  readonly logins: ReadonlyMap<string, LoginFacts>;
}

/** What can only be seen from inside a database. */
export interface InnerFacts {
  readonly publicOwner: string;
  readonly publicPrivileges: readonly string[];
  /** Default privileges of the write login, `kind:grantee=PRIVILEGE`. */
  readonly defaults: readonly string[];
  /** Whether there is an entry for routines: without one everybody may execute what is made. */
  readonly routineDefaults: boolean;
}

const LOGINS = `
  select r.rolname as name, r.rolcanlogin as "canLogin",
         (r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolreplication or r.rolbypassrls) as elevated,
         r.rolconnlimit as "connectionLimit", coalesce(r.rolvaliduntil < 'infinity', false) as expires,
         shobj_description(r.oid, 'pg_authid') as marker,
         array(select coalesce(d.datname || '.', '') || setting
                 from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase,
                      unnest(s.setconfig) setting
                where s.setrole = r.oid order by 1) as settings,
         array(select other.rolname::text from pg_auth_members m
                 join pg_roles other on other.oid in (m.roleid, m.member) and other.oid <> r.oid
                where r.oid in (m.roleid, m.member)
                  and not (m.roleid = r.oid and other.rolname = current_user)) as memberships
    from pg_roles r where r.rolname = any($1)`;

const PRIVILEGES = (acl: string, owner: string): string => `
  array(select case a.grantee when 0 then '' else pg_get_userbyid(a.grantee)::text end || '=' || a.privilege_type
               || case when a.is_grantable then '*' else '' end
          from aclexplode(${acl}) a where a.grantee <> ${owner} order by 1)`;

const DATABASE = `
  select pg_get_userbyid(d.datdba)::text as owner, d.datallowconn as "allowsConnections",
         d.datconnlimit as "connectionLimit", d.datistemplate as "isTemplate",
         shobj_description(d.oid, 'pg_database') as marker,
         ${PRIVILEGES("coalesce(d.datacl, acldefault('d', d.datdba))", 'd.datdba')} as privileges,
         (select count(*)::int from pg_stat_activity where datid = d.oid) as sessions
    from pg_database d where d.datname = $1`;

const INNER = `
  select pg_get_userbyid(n.nspowner)::text as "publicOwner",
         ${PRIVILEGES("coalesce(n.nspacl, acldefault('n', n.nspowner))", 'n.nspowner')} as "publicPrivileges",
         array(select d.defaclobjtype::text || ':' || case a.grantee when 0 then '' else pg_get_userbyid(a.grantee)::text end
                      || '=' || a.privilege_type
                 from pg_default_acl d, aclexplode(d.defaclacl) a
                where d.defaclrole = $1::regrole and d.defaclnamespace = 0 and a.grantee <> d.defaclrole
                order by 1) as defaults,
         exists (select from pg_default_acl d where d.defaclrole = $1::regrole and d.defaclnamespace = 0
                    and d.defaclobjtype = 'f') as "routineDefaults"
    from pg_namespace n where n.nspname = 'public'`;

export async function readServer(ask: AskServer, names: SandboxNames): Promise<ServerFacts> {
  const logins = [names.writeLogin, names.readLogin];
  const verifiers = await readVerifiers(ask, logins);
  const rows = await ask<Omit<LoginFacts, 'verifier'>>(null, LOGINS, [logins]);
  const [database] = await ask<DatabaseFacts>(null, DATABASE, [names.database]);
  return {
    database: database ?? null,
    logins: new Map(rows.map((row) => [row.name, { ...row, verifier: verifiers.get(row.name) ?? null }])),
  };
}

export async function readDatabase(ask: AskServer, names: SandboxNames): Promise<InnerFacts | null> {
  const [row] = await ask<InnerFacts>(names.database, INNER, [names.writeLogin]);
  return row ?? null;
}

async function readVerifiers(ask: AskServer, logins: readonly string[]): Promise<Map<string, string>> {
  const [right] = await ask<{ readable: boolean }>(
    null,
    "select has_table_privilege('pg_catalog.pg_authid', 'select') as readable",
  );
  if (right?.readable !== true) return new Map();
  const rows = await ask<{ name: string; verifier: string | null }>(
    null,
    'select rolname as name, rolpassword as verifier from pg_authid where rolname = any($1)',
    [logins],
  );
  return new Map(rows.map(({ name, verifier }) => [name, verifier ?? '']));
}
