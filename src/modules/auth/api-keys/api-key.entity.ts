import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { ApiKeyScope } from './api-key-scope.policy.js';

@Entity('api_key')
@Unique('uq_api_key_hash', ['keyHash'])
@Index('ix_api_key_membership', ['tenantId', 'membershipId'])
export class ApiKey {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_api_key' })
  id!: string;
  @Column('uuid', { name: 'tenant_id' })
  tenantId!: string;
  @Column('uuid', { name: 'membership_id' })
  membershipId!: string;
  @Column('text')
  name!: string;
  /** The first signs, by which somebody recognises the key. */
  @Column('text')
  prefix!: string;
  @Column('bytea', { name: 'key_hash' })
  keyHash!: Buffer;
  @Column('text')
  scope!: ApiKeyScope;
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
  @Column('text', { name: 'last_used_ip', nullable: true })
  lastUsedIp!: string | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
