import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type SignInMethod = 'password' | 'oidc';

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
  /** How somebody came in; a tenant's own provider opens that tenant only. */
  @Column('text', { default: 'password' })
  method!: SignInMethod;
  /** When it was last proven who it is: what is delicate asks for that to be recent. */
  @Column('timestamptz', { name: 'confirmed_at' })
  confirmedAt!: Date;
  /** How often the token was exchanged; one that carries an older number is no good. */
  @Column('integer', { default: 0 })
  rotation!: number;
  @Column('timestamptz', { name: 'rotated_at', nullable: true })
  rotatedAt!: Date | null;
  @Column('text')
  ip!: string;
  @Column('text', { name: 'user_agent' })
  userAgent!: string;
}
