import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../platform/persistence/transactions.js';
import type { ExternalDatabase, StoredConnection } from './external.types.js';

/** A row as it is stored, columns of `external_connection` under their own names. */
interface Stored extends Omit<ExternalDatabase, 'connection'>, StoredConnection {}

const SELECT = `
  select d.id, d.tenant_id as "tenantId", d.owner_id as "ownerId", d.pod_id as "podId", d.name, d.engine, d.status,
         d.status_since as "statusSince", d.last_used_at as "lastUsedAt", d.created_at as "createdAt",
         c.environment, c.rules, c.login_facts as "loginFacts", c.checked_at as "checkedAt",
         c.host, c.port, c.database_name as database, c.tls_mode as "tlsMode", c.tls_ca as "tlsCa", c.options,
         c.read_username as "readUsername", c.sealed_read_password as "sealedReadPassword",
         c.write_username as "writeUsername", c.sealed_write_password as "sealedWritePassword"
    from database d join external_connection c on c.database_id = d.id`;

/** The columns of `external_connection` with the parameters of `valuesOf`, which come after the ids. */
const COLUMNS = [
  'host',
  'port',
  'database_name',
  'tls_mode',
  'tls_ca',
  'options',
  'read_username',
  'sealed_read_password',
  'write_username',
  'sealed_write_password',
  'environment',
  'rules',
  'login_facts',
  'checked_at',
] as const;

@Injectable()
export class ExternalRepository {
  constructor(private readonly transactions: Transactions) {}

  async list(tenantId: string): Promise<ExternalDatabase[]> {
    return this.query(
      `${SELECT} where d.tenant_id = $1 and d.status <> 'purged' order by lower(d.name), d.id`,
      [tenantId],
    );
  }

  async find(tenantId: string, id: string): Promise<ExternalDatabase | undefined> {
    const [row] = await this.query(
      `${SELECT} where d.tenant_id = $1 and d.id = $2 and d.status <> 'purged'`,
      [tenantId, id],
    );
    return row;
  }

  async findForUpdate(tenantId: string, id: string): Promise<ExternalDatabase | undefined> {
    const [row] = await this.query(
      `${SELECT} where d.tenant_id = $1 and d.id = $2 and d.status <> 'purged' for update`,
      [tenantId, id],
    );
    return row;
  }

  /** Does another tenant have this file? Of every tenant, because one file belongs to one of them. */
  async fileTaken(tenantId: string, path: string): Promise<boolean> {
    const rows = await this.transactions.manager.query<unknown[]>(
      `select 1 from database d join external_connection c on c.database_id = d.id
        where d.engine = 'sqlite' and c.database_name = $2 and d.tenant_id <> $1 and d.status <> 'purged' limit 1`,
      [tenantId, path],
    );
    return rows.length > 0;
  }

  async insert(database: ExternalDatabase): Promise<void> {
    const { id, tenantId, ownerId, podId, name, engine, createdAt } = database;
    await this.transactions.manager.query(
      `insert into database (id, tenant_id, owner_id, pod_id, name, engine, origin, status, status_since, created_at)
       values ($1, $2, $3, $4, $5, $6, 'external', 'running', $7, $7)`,
      [id, tenantId, ownerId, podId, name, engine, createdAt],
    );
    const places = COLUMNS.map((_, index) => `$${String(index + 3)}`).join(', ');
    await this.transactions.manager.query(
      `insert into external_connection (tenant_id, database_id, ${COLUMNS.join(', ')}) values ($1, $2, ${places})`,
      [tenantId, id, ...valuesOf(database)],
    );
  }

  /** Stores all that can change; the engine and the origin cannot. */
  async update(database: ExternalDatabase): Promise<void> {
    const { id, tenantId, podId, name } = database;
    await this.transactions.manager.query(
      'update database set name = $3, pod_id = $4 where tenant_id = $1 and id = $2',
      [tenantId, id, name, podId],
    );
    const sets = COLUMNS.map((column, index) => `${column} = $${String(index + 3)}`).join(', ');
    await this.transactions.manager.query(
      `update external_connection set ${sets} where tenant_id = $1 and database_id = $2`,
      [tenantId, id, ...valuesOf(database)],
    );
  }

  /** The row stays for the runs that name it; the connection with its secrets goes. */
  async remove(tenantId: string, id: string, now: Date): Promise<void> {
    const { manager } = this.transactions;
    await manager.query('delete from external_connection where tenant_id = $1 and database_id = $2', [
      tenantId,
      id,
    ]);
    await manager.query(
      `update database set status = 'purged', status_since = $3 where tenant_id = $1 and id = $2`,
      [tenantId, id, now],
    );
  }

  private async query(sql: string, parameters: unknown[]): Promise<ExternalDatabase[]> {
    const rows = await this.transactions.manager.query<Stored[]>(sql, parameters);
    return rows.map(databaseOf);
  }
}

function valuesOf({ connection, environment, rules, loginFacts, checkedAt }: ExternalDatabase): unknown[] {
  const { host, port, database, tlsMode, tlsCa, options } = connection;
  const { readUsername, sealedReadPassword, writeUsername, sealedWritePassword } = connection;
  return [
    host,
    port,
    database,
    tlsMode,
    tlsCa,
    JSON.stringify(options),
    readUsername,
    sealedReadPassword,
    writeUsername,
    sealedWritePassword,
    environment,
    rules === null ? null : JSON.stringify(rules),
    loginFacts === null ? null : JSON.stringify(loginFacts),
    checkedAt,
  ];
}

function databaseOf(row: Stored): ExternalDatabase {
  const { host, port, database, tlsMode, tlsCa, options, ...rest } = row;
  const { readUsername, sealedReadPassword, writeUsername, sealedWritePassword, ...facts } = rest;
  const logins = { readUsername, sealedReadPassword, writeUsername, sealedWritePassword };
  return {
    ...facts,
    origin: 'external',
    statusReason: null,
    storageBytes: null,
    storageMeasuredAt: null,
    deletedAt: null,
    purgeAt: null,
    connection: { host, port, database, tlsMode, tlsCa, options, ...logins },
  };
}
