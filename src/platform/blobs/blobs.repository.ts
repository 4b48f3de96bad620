import { Injectable } from '@nestjs/common';
import { Transactions } from '../persistence/transactions.js';
import type { BlobFacts, BlobOwner, BlobQuota } from './blobs.types.js';

/** The slot of what is kept for longer than the days go round. */
export const KEPT_SLOT = 9;

export interface NewChunk extends BlobOwner {
  readonly blobId: string;
  readonly slot: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly number: number;
  readonly firstRecord: number;
  readonly records: number;
  readonly content: Buffer;
}

/** Where a chunk lies among the records of its blob. */
export interface ChunkPlace {
  readonly number: number;
  readonly firstRecord: number;
  readonly records: number;
}

@Injectable()
export class BlobsRepository {
  constructor(private readonly transactions: Transactions) {}

  async append(chunk: NewChunk): Promise<void> {
    const { blobId, tenantId, ownerId, slot, createdAt, expiresAt } = chunk;
    const { number, firstRecord, records, content } = chunk;
    await this.query('select blob_append($1, $2, $3, $4::smallint, $5, $6, $7, $8, $9, $10)', [
      ...[blobId, tenantId, ownerId, slot, createdAt, expiresAt],
      ...[number, firstRecord, records, content],
    ]);
  }

  async find(tenantId: string, id: string, now: Date): Promise<BlobFacts | undefined> {
    const [row] = await this.query<Omit<BlobFacts, 'bytes'> & { bytes: string }>(
      `select id, chunks, records, bytes, kept, expires_at as "expiresAt"
         from blob where tenant_id = $1 and id = $2 and expires_at > $3`,
      [tenantId, id, now],
    );
    return row === undefined ? undefined : { ...row, bytes: Number(row.bytes) };
  }

  /** Which chunks hold records from `from` up to before `to`, in order. */
  async places(tenantId: string, id: string, from: number, to: number): Promise<ChunkPlace[]> {
    return this.query<ChunkPlace>(
      `select c.number, c.first_record as "firstRecord", c.records
         from blob b join blob_chunk c on c.slot = b.slot and c.blob_id = b.id
        where b.tenant_id = $1 and b.id = $2 and c.first_record < $4 and c.first_record + c.records > $3
        order by c.number`,
      [tenantId, id, from, to],
    );
  }

  async contents(
    tenantId: string,
    id: string,
    numbers: readonly number[],
  ): Promise<{ number: number; content: Buffer }[]> {
    return this.query(
      `select c.number, c.content from blob b join blob_chunk c on c.slot = b.slot and c.blob_id = b.id
        where b.tenant_id = $1 and b.id = $2 and c.number = any($3)`,
      [tenantId, id, numbers],
    );
  }

  /** Removes the oldest that are not kept until owner and tenant are within their quotas; never `except`. */
  async evict(
    { tenantId, ownerId }: BlobOwner,
    quota: BlobQuota,
    except: string,
    now: Date,
  ): Promise<number> {
    const gone = await this.query<{ id: string }>(
      `with living as (
         select id, slot, owner_id, kept, id = $6 as spared, bytes, created_at from blob
          where tenant_id = $1 and expires_at > $5),
       summed as (
         select id, slot, kept or spared as stays,
                owner_id = $2 and sum(bytes) over (partition by owner_id order by kept or spared desc, created_at desc, id desc) > $3 as over_owner,
                sum(bytes) over (order by kept or spared desc, created_at desc, id desc) > $4 as over_tenant
           from living),
       doomed as (select id, slot from summed where not stays and (over_owner or over_tenant)),
       emptied as (delete from blob_chunk c using doomed d where c.slot = d.slot and c.blob_id = d.id),
       removed as (delete from blob b using doomed d where b.id = d.id returning b.id)
       select id from removed`,
      [tenantId, ownerId, quota.ownerBytes, quota.tenantBytes, now, except],
    );
    return gone.length;
  }

  /** Bytes that an owner keeps beyond the days. */
  async keptBytes({ tenantId, ownerId }: BlobOwner, now: Date): Promise<number> {
    const [row] = await this.query<{ bytes: string }>(
      `select coalesce(sum(bytes), 0) as bytes from blob
        where tenant_id = $1 and owner_id = $2 and kept and expires_at > $3`,
      [tenantId, ownerId, now],
    );
    return Number(row?.bytes ?? 0);
  }

  /** Moves a blob out of its day. */
  async keep(tenantId: string, id: string, { kept, until }: { kept: boolean; until: Date }): Promise<void> {
    const [[row]] = await this.transactions.manager.query<[{ before: number }[], number]>(
      `update blob b set slot = $3, kept = $4, expires_at = $5 from blob o
        where b.tenant_id = $1 and b.id = $2 and o.id = b.id returning o.slot as before`,
      [tenantId, id, KEPT_SLOT, kept, until],
    );
    if (row === undefined || row.before === KEPT_SLOT) return;
    await this.query('update blob_chunk set slot = $3 where slot = $1 and blob_id = $2', [
      row.before,
      id,
      KEPT_SLOT,
    ]);
  }

  async remove(tenantId: string, id: string): Promise<void> {
    await this.query(
      `with removed as (delete from blob where tenant_id = $1 and id = $2 returning id, slot)
       delete from blob_chunk c using removed r where c.slot = r.slot and c.blob_id = r.id`,
      [tenantId, id],
    );
  }

  /** Days on which nothing is alive any more. */
  async deadSlots(now: Date): Promise<number[]> {
    const rows = await this.query<{ slot: number }>(
      'select slot from blob where slot <> $1 group by slot having max(expires_at) <= $2 order by slot',
      [KEPT_SLOT, now],
    );
    return rows.map(({ slot }) => slot);
  }

  async clear(slot: number, now: Date): Promise<number> {
    const [row] = await this.query<{ gone: number }>('select blob_clear($1::smallint, $2) as gone', [
      slot,
      now,
    ]);
    return row?.gone ?? 0;
  }

  async removeExpiredKept(now: Date): Promise<void> {
    await this.query(
      `with removed as (delete from blob where slot = $1 and expires_at <= $2 returning id)
       delete from blob_chunk c using removed r where c.slot = $1 and c.blob_id = r.id`,
      [KEPT_SLOT, now],
    );
  }

  private async query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return this.transactions.manager.query<T[]>(sql, parameters);
  }
}
