import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { ProvisionStep, SandboxSpec, Target } from '../../engines/engine.js';
import { EngineRegistry } from '../../engines/engine-registry.js';
import { SandboxSources } from '../../platform/persistence/sandbox-sources.js';
import { Sealing } from '../../platform/sealing/sealing.js';
import type { DatabaseRecord, ServerFacts } from './databases.types.js';
import { ServerDirectory } from './server-directory.js';

/** The server ends a statement after this long even when nobody else does. */
const STATEMENT_TIMEOUT_MS = 600_000;
const IDLE_IN_TRANSACTION_MS = 300_000;
const TEMP_FILE_MB = 1024;

export interface SealedPasswords {
  readonly sealedWritePassword: string;
  readonly sealedReadPassword: string;
}

/** Sandboxes as they are on their servers; every act can be repeated after a crash. */
@Injectable()
export class SandboxesRepository {
  constructor(
    private readonly servers: ServerDirectory,
    private readonly sources: SandboxSources,
    private readonly sealing: Sealing,
    private readonly engines: EngineRegistry,
  ) {}

  async serverOf(record: DatabaseRecord): Promise<ServerFacts> {
    return this.servers.factsOf(record.serverId);
  }

  async listServers(): Promise<Map<string, ServerFacts>> {
    return this.servers.listFacts();
  }

  newPasswords(databaseId: string): SealedPasswords {
    const make = (login: string): string =>
      this.sealing.seal(randomBytes(24).toString('base64url'), contextOf(databaseId, login));
    return { sealedWritePassword: make('write'), sealedReadPassword: make('read') };
  }

  writePassword(record: DatabaseRecord): string {
    return this.sealing.open(record.sealedWritePassword, contextOf(record.id, 'write'));
  }

  /** Whatever a crash has left of an earlier attempt goes first. */
  async create(record: DatabaseRecord): Promise<void> {
    const provisioner = this.servers.provisioner();
    const spec = this.specOf(record);
    await this.runAll(record, [...provisioner.drop(spec), ...provisioner.create(spec, record.template)]);
  }

  async clone(record: DatabaseRecord, source: DatabaseRecord): Promise<void> {
    const provisioner = this.servers.provisioner();
    const spec = this.specOf(record);
    await this.forget(source);
    await this.runAll(record, [...provisioner.drop(spec), ...provisioner.clone(spec, this.specOf(source))]);
    if (source.status === 'stopped') await this.stop(source);
  }

  async start(record: DatabaseRecord): Promise<void> {
    await this.runAll(record, this.servers.provisioner().start(this.specOf(record)));
  }

  async stop(record: DatabaseRecord): Promise<void> {
    await this.forget(record);
    await this.runAll(record, this.servers.provisioner().stop(this.specOf(record)));
  }

  async reset(record: DatabaseRecord): Promise<void> {
    await this.forget(record);
    await this.runAll(record, this.servers.provisioner().reset(this.specOf(record), record.template));
  }

  async rotate(record: DatabaseRecord): Promise<void> {
    await this.forget(record);
    await this.runAll(record, this.servers.provisioner().rotate(this.specOf(record)));
  }

  async drop(record: DatabaseRecord): Promise<void> {
    await this.forget(record);
    await this.runAll(record, this.servers.provisioner().drop(this.specOf(record)));
  }

  async repair(record: DatabaseRecord): Promise<void> {
    const running = record.status === 'running';
    await this.runAll(record, this.servers.provisioner().repair(this.specOf(record), running));
  }

  /** Bytes on the server. */
  async size(record: DatabaseRecord): Promise<number> {
    const source = await this.servers.sourceOf(record.serverId);
    const [row] = await this.sources.query<{ size: string }>(
      source,
      null,
      'select pg_database_size($1) as size',
      [record.physicalName],
    );
    return Number(row?.size ?? 0);
  }

  /** Sessions of the database's own logins that are not ours. */
  async sessions(record: DatabaseRecord): Promise<number> {
    const source = await this.servers.sourceOf(record.serverId);
    const [row] = await this.sources.query<{ count: number }>(
      source,
      null,
      `select count(*)::int as count from pg_stat_activity
        where usename = any($1) and application_name <> 'clouddb-manager'`,
      [[record.writeLogin, record.readLogin]],
    );
    return row?.count ?? 0;
  }

  /** Ends statements of tenants' logins that have run longer than the server should have let them. */
  async endOverdue(serverId: string): Promise<number> {
    const source = await this.servers.sourceOf(serverId);
    const rows = await this.sources.query(
      source,
      null,
      `select pg_terminate_backend(pid) from pg_stat_activity
        where usename ~ '^db_[0-9a-f]{32}_r[ow]$' and state <> 'idle'
          and now() - query_start > $1 * interval '1 millisecond'`,
      [STATEMENT_TIMEOUT_MS + 5000],
    );
    return rows.length;
  }

  /** Databases and logins on the server that are named like ours. */
  async listNames(serverId: string): Promise<{ databases: string[]; logins: string[] }> {
    const source = await this.servers.sourceOf(serverId);
    const [databases, logins] = await Promise.all([
      this.sources.query<{ name: string }>(
        source,
        null,
        `select datname as name from pg_database where datname ~ '^db_[0-9a-f]{32}$'`,
      ),
      this.sources.query<{ name: string }>(
        source,
        null,
        `select rolname as name from pg_roles where rolname ~ '^db_[0-9a-f]{32}_r[ow]$'`,
      ),
    ]);
    return { databases: databases.map((row) => row.name), logins: logins.map((row) => row.name) };
  }

  /** Removes what no row knows. */
  async dropOrphan(serverId: string, physicalName: string): Promise<void> {
    const names = {
      database: physicalName,
      writeLogin: `${physicalName}_rw`,
      readLogin: `${physicalName}_ro`,
    };
    const source = await this.servers.sourceOf(serverId);
    for (const step of this.servers.provisioner().drop(names))
      await this.sources.query(source, step.database, step.sql);
  }

  async target(record: DatabaseRecord, access: 'read' | 'write'): Promise<Target> {
    const { host, port } = await this.servers.factsOf(record.serverId);
    const read = access === 'read';
    const sealed = read ? record.sealedReadPassword : record.sealedWritePassword;
    return {
      host,
      port,
      database: record.physicalName,
      username: read ? record.readLogin : record.writeLogin,
      password: this.sealing.open(sealed, contextOf(record.id, access)),
      tls: { mode: 'off' },
    };
  }

  /** Drops the connections that this process keeps to the database. */
  async forget(record: DatabaseRecord): Promise<void> {
    const driver = this.engines.get(record.engine);
    await driver.forget(await this.target(record, 'read'));
    await driver.forget(await this.target(record, 'write'));
  }

  private specOf(record: DatabaseRecord): SandboxSpec {
    return {
      database: record.physicalName,
      writeLogin: record.writeLogin,
      readLogin: record.readLogin,
      writePassword: this.writePassword(record),
      readPassword: this.sealing.open(record.sealedReadPassword, contextOf(record.id, 'read')),
      connectionLimit: record.connectionLimit,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      idleInTransactionTimeoutMs: IDLE_IN_TRANSACTION_MS,
      tempFileLimitMb: TEMP_FILE_MB,
    };
  }

  private async runAll(record: DatabaseRecord, steps: readonly ProvisionStep[]): Promise<void> {
    const source = await this.servers.sourceOf(record.serverId);
    for (const { database, sql } of steps) await this.sources.query(source, database, sql);
  }
}

function contextOf(databaseId: string, login: string): string {
  return `database:${databaseId}:${login}`;
}
