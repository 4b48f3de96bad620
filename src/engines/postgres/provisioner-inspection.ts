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
import { readDatabase, readServer } from './provisioner-facts.js';
import { ident, OWN_APPLICATION } from './provisioner-sql.js';

/** Every name of ours has this shape, so that what merely looks marked is never touched. */
const OUR_NAME = /^db_[a-z0-9_]{1,60}$/;

const OLDEST_VERSION = 150_000;

/** Looks at sandboxes on PostgreSQL with the admin's login. */
export class PostgresInspector implements SandboxInspector {
  async identify(ask: AskServer): Promise<ServerIdentity> {
    const [row] = await ask<{ id: string; version: string; number: number; superuser: boolean }>(
      null,
      `select system_identifier::text as id, split_part(current_setting('server_version'), ' ', 1) as version,
              current_setting('server_version_num')::int as number,
              current_setting('is_superuser')::boolean as superuser
         from pg_control_system()`,
    );
    if (row === undefined) throw new Error('The server does not say which cluster it is.');
    const { id: clusterId, version } = row;
    return { clusterId, version, obstacle: obstacleOf(row) };
  }

  async sizes(ask: AskServer, databases: readonly string[]): Promise<Map<string, number>> {
    const rows = await ask<{ name: string; bytes: string }>(
      null,
      'select datname as name, pg_database_size(oid)::text as bytes from pg_database where datname = any($1)',
      [databases],
    );
    return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
  }

  async activity(ask: AskServer, sandboxes: readonly SandboxNames[]): Promise<SandboxActivity[]> {
    const logins = sandboxes.flatMap(({ writeLogin, readLogin }) => [writeLogin, readLogin]);
    const rows = await ask<{ database: string; connections: number; idle_ms: string | null }>(
      null,
      `select datname as database, count(*)::int as connections,
              floor(min(case when state = 'idle'
                             then greatest(extract(epoch from clock_timestamp() - state_change) * 1000, 0)
                             else 0 end))::text as idle_ms
         from pg_stat_activity
        where usename = any($1) and datname is not null and not starts_with(application_name, $2)
        group by datname`,
      [logins, OWN_APPLICATION],
    );
    return rows.map(({ database, connections, idle_ms }) => ({
      database,
      connections,
      idleMs: idle_ms === null ? null : Number(idle_ms),
    }));
  }

  async deviations(ask: AskServer, spec: SandboxSpec, state: SandboxState): Promise<Deviation[]> {
    const server = await readServer(ask, spec);
    // Nobody can connect to a stopped database, the admin included; it is looked at when it runs again.
    const inside = state === 'running' && server.database?.allowsConnections === true;
    return findDeviations(spec, state, server, inside ? await readDatabase(ask, spec) : null);
  }

  async marked(ask: AskServer, prefix: string): Promise<MarkedObject[]> {
    const rows = await ask<MarkedObject>(
      null,
      `select * from (
         select 'database' as kind, datname::text as name, shobj_description(oid, 'pg_database') as marker
           from pg_database
         union all
         select 'login', rolname::text, shobj_description(oid, 'pg_authid') from pg_roles) o
        where starts_with(marker, $1)`,
      [prefix],
    );
    return rows.filter(({ name }) => OUR_NAME.test(name));
  }

  removal({ kind, name }: MarkedObject): readonly ProvisionStep[] {
    const sql =
      kind === 'database'
        ? `drop database if exists ${ident(name)} with (force)`
        : `drop role if exists ${ident(name)}`;
    return [{ database: null, sql }];
  }

  async endOverdue(ask: AskServer, limits: OverdueLimits): Promise<number> {
    const rows = await ask<{ ended: boolean }>(
      null,
      `select case when state = 'active' then pg_cancel_backend(pid) else pg_terminate_backend(pid) end as ended
         from pg_stat_activity a join pg_roles r on r.oid = a.usesysid
        where starts_with(r.rolname, 'db_') and shobj_description(r.oid, 'pg_authid') is not null
          and ((state = 'active' and clock_timestamp() - query_start > $1 * interval '1 ms')
            or (state like 'idle in transaction%' and clock_timestamp() - state_change > $2 * interval '1 ms'))`,
      [limits.statementMs, limits.idleInTransactionMs],
    );
    return rows.filter(({ ended }) => ended).length;
  }
}

// Only a superuser closes functions of the catalog and limits temporary files.
function obstacleOf({
  number,
  version,
  superuser,
}: {
  number: number;
  version: string;
  superuser: boolean;
}): string | null {
  if (number < OLDEST_VERSION) return `it runs PostgreSQL ${version}, and sandboxes need 15 or newer`;
  return superuser ? null : 'its login is no superuser, and only one can close a database well enough';
}
