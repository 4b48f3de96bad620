import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from '../../../platform/access/roles.js';

@Entity('invitation')
@Unique('uq_invitation_token_hash', ['tokenHash'])
@Index('uq_invitation_open', ['tenantId', 'emailKey'], {
  unique: true,
  where: '((accepted_at IS NULL) AND (revoked_at IS NULL))',
})
@Index('ix_invitation_tenant', ['tenantId', 'createdAt'])
export class Invitation {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_invitation' })
  id!: string;
  @Column('uuid', { name: 'tenant_id' })
  tenantId!: string;
  @Column('text')
  email!: string;
  @Column('text', { name: 'email_key' })
  emailKey!: string;
  @Column('text')
  role!: Role;
  @Column('uuid', { name: 'pod_id', nullable: true })
  podId!: string | null;
  @Column('text', { default: '' })
  message!: string;
  @Column('bytea', { name: 'token_hash' })
  tokenHash!: Buffer;
  /** The membership that invited; null when it was the platform. */
  @Column('uuid', { name: 'invited_by', nullable: true })
  invitedBy!: string | null;
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
  @Column('timestamptz', { name: 'accepted_at', nullable: true })
  acceptedAt!: Date | null;
  @Column('uuid', { name: 'accepted_by', nullable: true })
  acceptedBy!: string | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
