import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('session')
@Index('ix_session_account', ['accountId'], { where: '(ended_at IS NULL)' })
@Index('ix_session_expires', ['expiresAt'])
export class Session {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_session' })
  id!: string;
  @Column('uuid', { name: 'account_id' })
  accountId!: string;
  @Column('uuid', { name: 'membership_id', nullable: true })
  membershipId!: string | null;
  @Column('uuid', { name: 'tenant_id', nullable: true })
  tenantId!: string | null;
  @Column('integer', { name: 'access_version' })
  accessVersion!: number;
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
  @Column('timestamptz', { name: 'last_seen_at' })
  lastSeenAt!: Date;
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
  @Column('text', { name: 'end_reason', nullable: true })
  endReason!: string | null;
  @Column('text')
  ip!: string;
  @Column('text', { name: 'user_agent' })
  userAgent!: string;
}
