import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { permissionsOf } from '../../../platform/access/permissions.js';
import { AppError, notFound } from '../../../platform/errors/app-error.js';
import { newId } from '../../../platform/persistence/ids.js';
import type { Row } from '../../../platform/persistence/row.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { linkTokenHash, newLinkToken } from '../../../platform/sealing/link-token.js';
import { AuditService } from '../../audit/audit.service.js';
import { UsersService } from '../../users/users.service.js';
import { ConfirmationService } from '../account/confirmation.service.js';
import type { ApiKey } from './api-key.entity.js';
import { ApiKeyCache, type CachedKey } from './api-key-cache.js';
import { scopedPermissions, type ApiKeyScope } from './api-key-scope.policy.js';
import { ApiKeysRepository } from './api-keys.repository.js';

/** Says what it is wherever it turns up, also to programs that look for secrets in code. */
const MARK = 'cdb_';
const PREFIX_LENGTH = MARK.length + 6;
const DAY_MS = 86_400_000;
const MAX_KEYS = 50;
const KEEP_MS = 90 * DAY_MS;

export interface NewApiKey {
  readonly name: string;
  readonly scope: ApiKeyScope;
  readonly days: number;
}

/** Who may make keys, and the record of it. */
@Injectable()
export class KeyKeeping {
  constructor(
    readonly confirmation: ConfirmationService,
    readonly audit: AuditService,
    readonly users: UsersService,
  ) {}
}

/** Keys with which programs act as a member, with the member's rights of the moment and no more than their scope. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly cache: ApiKeyCache,
    private readonly keeping: KeyKeeping,
    private readonly transactions: Transactions,
  ) {}

  isKey(token: string): boolean {
    return token.startsWith(MARK);
  }

  async list({ tenantId, membershipId }: Actor): Promise<ApiKey[]> {
    return this.keys.list(tenantId, membershipId);
  }

  /** Throws `confirmation_required`. */
  async requireProof(actor: Actor): Promise<void> {
    await this.keeping.confirmation.require(actor);
  }

  /** The key itself is answered once and kept nowhere. Throws `confirmation_required`, `quota_exceeded`. */
  async create(actor: Actor, { name, scope, days }: NewApiKey): Promise<{ key: string; row: Row<ApiKey> }> {
    await this.requireProof(actor);
    const { tenantId, membershipId } = actor;
    if ((await this.keys.list(tenantId, membershipId)).length >= MAX_KEYS)
      throw new AppError('conflict', 'quota_exceeded', 'You have 50 keys. Revoke one that is of no use.');
    const { token, hash } = newLinkToken();
    const key = `${MARK}${token}`;
    const now = this.cache.clock.now();
    const row: Row<ApiKey> = {
      id: newId(),
      tenantId,
      membershipId,
      name,
      prefix: key.slice(0, PREFIX_LENGTH),
      keyHash: hash,
      scope,
      createdAt: now,
      expiresAt: new Date(now.getTime() + days * DAY_MS),
      lastUsedAt: null,
      lastUsedIp: null,
      revokedAt: null,
    };
    await this.transactions.run(async () => {
      await this.keys.insert(row);
      const details = { scope, expires: row.expiresAt.toISOString() };
      await this.keeping.audit.record(actor, 'api_key.create', { object: objectOf(row), details });
    });
    return { key, row };
  }

  /** Ends a key at once, on every replica. */
  async revoke(actor: Actor, id: string): Promise<void> {
    await this.transactions.run(async () => {
      const { tenantId, membershipId } = actor;
      const key = await this.keys.revoke(tenantId, membershipId, id, this.cache.clock.now());
      if (key === undefined) throw notFound('key');
      await this.cache.announceEnd(id);
      await this.keeping.audit.record(actor, 'api_key.revoke', { object: objectOf(key) });
    });
  }

  /** Who acts with this key; undefined when it was revoked, ran out, or its member may do nothing any more. */
  async resolve(
    token: string,
    { ip, requestId }: { ip: string; requestId: string },
  ): Promise<Actor | undefined> {
    const hash = linkTokenHash(token.slice(MARK.length));
    if (hash === undefined) return undefined;
    const key = this.cache.find(hash.toString('hex')) ?? (await this.load(hash));
    if (key === undefined || this.cache.clock.millis() >= key.expiresAt) return undefined;
    this.cache.used(key.id, ip);
    return actorOf(key, ip, requestId);
  }

  async prune(now: Date): Promise<void> {
    await this.keys.prune(new Date(now.getTime() - KEEP_MS));
  }

  private async load(hash: Buffer): Promise<CachedKey | undefined> {
    const { generation } = this.cache;
    const key = await this.keys.findByHash(hash);
    if (key?.revokedAt !== null) return undefined;
    const member = await this.keeping.users.findMember(key.tenantId, key.membershipId);
    if (member?.active !== true) return undefined;
    const entry = {
      id: key.id,
      name: key.name,
      member,
      permissions: scopedPermissions(permissionsOf(member.role, member.platformRole), key.scope),
      expiresAt: key.expiresAt.getTime(),
      checkedAt: this.cache.clock.millis(),
    };
    this.cache.keep(hash.toString('hex'), entry, generation);
    return entry;
  }
}

function objectOf({ id, name }: Row<ApiKey>): { type: string; id: string; name: string } {
  return { type: 'api_key', id, name };
}

/** The name says that it was no person; so does every entry of the audit log. */
function actorOf({ id, name, member, permissions }: CachedKey, ip: string, requestId: string): Actor {
  const { accountId, membershipId, tenantId, tenantName, role, platformRole, email, podIds } = member;
  return {
    accountId,
    membershipId,
    tenantId,
    tenantName,
    role,
    platformRole,
    sessionId: id,
    email,
    name: `${member.name} (API key ${name})`,
    podIds,
    permissions,
    ip,
    requestId,
  };
}
