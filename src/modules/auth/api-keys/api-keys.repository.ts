import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Row } from '../../../platform/persistence/row.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { ApiKey } from './api-key.entity.js';

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly transactions: Transactions) {}

  async insert(key: Row<ApiKey>): Promise<void> {
    await this.transactions.manager.insert(ApiKey, key);
  }

  /** By the hash of a key that somebody shows; the one question here that is not about one tenant. */
  async findByHash(keyHash: Buffer): Promise<ApiKey | undefined> {
    return (await this.transactions.manager.findOneBy(ApiKey, { keyHash })) ?? undefined;
  }

  /** Those that were not revoked, the newest first. */
  async list(tenantId: string, membershipId: string): Promise<ApiKey[]> {
    return this.transactions.manager.find(ApiKey, {
      where: { tenantId, membershipId, revokedAt: IsNull() },
      order: { createdAt: 'DESC', id: 'DESC' },
    });
  }

  /** The key as it was, for the one caller that revokes it. */
  async revoke(tenantId: string, membershipId: string, id: string, now: Date): Promise<ApiKey | undefined> {
    const key = await this.transactions.manager.findOneBy(ApiKey, { tenantId, membershipId, id });
    const result = await this.transactions.manager.update(
      ApiKey,
      { tenantId, membershipId, id, revokedAt: IsNull() },
      { revokedAt: now },
    );
    return result.affected === 1 ? (key ?? undefined) : undefined;
  }

  /** When and from where each was used last; an older time never replaces a newer one. */
  async touch(uses: ReadonlyMap<string, { at: Date; ip: string }>): Promise<void> {
    const rows = [...uses];
    await this.transactions.manager.query(
      `update api_key k set last_used_at = used.at, last_used_ip = used.ip
         from unnest($1::uuid[], $2::timestamptz[], $3::text[]) as used (id, at, ip)
        where k.id = used.id and (k.last_used_at is null or k.last_used_at < used.at)`,
      [rows.map(([id]) => id), rows.map(([, { at }]) => at), rows.map(([, { ip }]) => ip)],
    );
  }

  async prune(before: Date): Promise<void> {
    await this.transactions.manager.query('delete from api_key where expires_at < $1 or revoked_at < $1', [
      before,
    ]);
  }
}
