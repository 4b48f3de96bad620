import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/persistence/transactions.js';
import type { DatabaseGrant, DatabaseRecord, DatabaseState } from './databases.types.js';

const COLUMNS: readonly (keyof DatabaseRecord)[] = [
  'id',
  'origin',
  'tenantId',
  'ownerId',
  'podId',
  'name',
  'engine',
  'template',
  'sourceId',
  'serverId',
  'characterSet',
  'textCollation',
  'physicalName',
  'writeLogin',
  'readLogin',
  'sealedWritePassword',
  'sealedReadPassword',
  'connectionLimit',
  'status',
  'statusReason',
  'statusSince',
  'autoStopMinutes',
  'protected',
  'lastUsedAt',
  'storageBytes',
  'storageMeasuredAt',
  'deletedAt',
  'purgeAt',
  'createdAt',
];

const columnOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const SELECT = `select ${COLUMNS.map((name) => `d.${columnOf(name)} as "${name}"`).join(', ')} from database d`;
const PROVISIONED = `d.origin = 'provisioned'`;
const LIVE = `status not in ('deleting', 'deleted', 'purging', 'purged')`;

export type DatabaseChanges = Partial<Omit<DatabaseRecord, 'id' | 'tenantId'>>;

@Injectable()
export class DatabasesRepository {
  constructor(private readonly transactions: Transactions) {}

  /** All of the tenant's provisioned databases but those that were dropped for good, by name. */
  async list(tenantId: string): Promise<DatabaseRecord[]> {
    return this.query(
      `${SELECT} where ${PROVISIONED} and d.tenant_id = $1 and d.status not in ('purging', 'purged') order by lower(d.name), d.id`,
      [tenantId],
    );
  }

  async find(tenantId: string, id: string): Promise<DatabaseRecord | undefined> {
    return this.one(
      `${SELECT} where ${PROVISIONED} and d.tenant_id = $1 and d.id = $2 and d.status <> 'purged'`,
      [tenantId, id],
    );
  }

  async findForUpdate(tenantId: string, id: string): Promise<DatabaseRecord | undefined> {
    return this.one(
      `${SELECT} where ${PROVISIONED} and d.tenant_id = $1 and d.id = $2 and d.status <> 'purged' for update`,
      [tenantId, id],
    );
  }

  async names(tenantId: string, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
    return this.query('select id, name from database where tenant_id = $1 and id = any($2)', [tenantId, ids]);
  }

  async nameTaken(tenantId: string, name: string): Promise<boolean> {
    const rows = await this.query(
      `${SELECT} where d.tenant_id = $1 and lower(d.name) = lower($2) and d.${LIVE}`,
      [tenantId, name],
    );
    return rows.length > 0;
  }

  /** What counts against the quota. */
  async usage(tenantId: string): Promise<{ databases: number; storageBytes: number }> {
    const [row] = await this.query<{ databases: number; storageBytes: string }>(
      `select count(*)::int as databases, coalesce(sum(storage_bytes), 0) as "storageBytes"
         from database d where ${PROVISIONED} and tenant_id = $1 and ${LIVE}`,
      [tenantId],
    );
    return { databases: row?.databases ?? 0, storageBytes: Number(row?.storageBytes ?? 0) };
  }

  async insert(record: DatabaseRecord): Promise<void> {
    const places = COLUMNS.map((_, index) => `$${String(index + 1)}`).join(', ');
    await this.query(
      `insert into database (${COLUMNS.map(columnOf).join(', ')}) values (${places})`,
      COLUMNS.map((name) => record[name]),
    );
  }

  async update(tenantId: string, id: string, changes: DatabaseChanges): Promise<void> {
    const entries = Object.entries(changes);
    const sets = entries.map(([name], index) => `${columnOf(name)} = $${String(index + 3)}`).join(', ');
    await this.query(`update database set ${sets} where tenant_id = $1 and id = $2`, [
      tenantId,
      id,
      ...entries.map(([, value]) => value),
    ]);
  }

  async grants(tenantId: string, databaseId?: string): Promise<DatabaseGrant[]> {
    return this.query(
      `select id, database_id as "databaseId", membership_id as "membershipId", pod_id as "podId", level
         from database_grant where tenant_id = $1 and ($2::uuid is null or database_id = $2)`,
      [tenantId, databaseId ?? null],
    );
  }

  /** When databases were used last; an older time never replaces a newer one. */
  async touch(used: ReadonlyMap<string, Date>): Promise<void> {
    await this.query(
      `update database d set last_used_at = greatest(d.last_used_at, used.at)
         from unnest($1::uuid[], $2::timestamptz[]) as used (id, at) where d.id = used.id`,
      [[...used.keys()], [...used.values()]],
    );
  }

  /** Of every tenant, for the platform's own jobs. */
  async listByStatus(states: readonly DatabaseState[]): Promise<DatabaseRecord[]> {
    return this.query(`${SELECT} where ${PROVISIONED} and d.status = any($1) order by d.status_since`, [
      states,
    ]);
  }

  /**
   * Takes a row that has been on its way since before `before`, or whose last attempt failed a while ago, so that no
   * two replicas finish it.
   */
  async claimHalfway(before: Date, now: Date): Promise<DatabaseRecord | undefined> {
    return this.one(
      `with taken as (
         select id from database
          where status in ('provisioning', 'stopping', 'starting', 'resetting', 'deleting', 'purging')
            and (status_since < $1 or (status_reason is not null and status_since < $2::timestamptz - interval '20 s'))
          order by status_since limit 1 for update skip locked)
       update database d set status_since = $2, status_reason = null from taken where d.id = taken.id
       returning ${COLUMNS.map((name) => `d.${columnOf(name)} as "${name}"`).join(', ')}`,
      [before, now],
    );
  }

  /** Names of databases and logins of every row that still has, or should have, something on the server. */
  async physicalNames(serverId: string): Promise<string[]> {
    const rows = await this.query<{ name: string }>(
      `select unnest(array[physical_name, write_login, read_login]) as name
         from database where server_id = $1 and status <> 'purged'`,
      [serverId],
    );
    return rows.map((row) => row.name);
  }

  async listServerIds(): Promise<string[]> {
    const rows = await this.query<{ id: string }>('select id from sandbox_server order by name', []);
    return rows.map((row) => row.id);
  }

  async storeSizes(sizes: ReadonlyMap<string, number>, now: Date): Promise<void> {
    await this.query(
      `update database d set storage_bytes = s.bytes, storage_measured_at = $3
         from unnest($1::uuid[], $2::bigint[]) as s (id, bytes) where d.id = s.id`,
      [[...sizes.keys()], [...sizes.values()], now],
    );
  }

  async listPurgeable(now: Date): Promise<DatabaseRecord[]> {
    return this.query(
      `${SELECT} where d.status = 'deleted' and d.purge_at <= $1 order by d.purge_at limit 50`,
      [now],
    );
  }

  private async one(sql: string, parameters: unknown[]): Promise<DatabaseRecord | undefined> {
    const [row] = await this.query(sql, parameters);
    return row;
  }

  private async query<T = DatabaseRecord>(sql: string, parameters: unknown[]): Promise<T[]> {
    const rows = await this.transactions.manager.query<T[] | [T[], number]>(sql, parameters);
    // TypeORM answers an UPDATE with its rows and their count.
    return /^\s*(?:update|with)/.test(sql) ? (rows as [T[], number])[0] : (rows as T[]);
  }
}
