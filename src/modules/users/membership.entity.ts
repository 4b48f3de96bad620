import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from '../../platform/access/roles.js';

export type MembershipStatus = 'invited' | 'active' | 'suspended' | 'deactivated';

@Entity('membership')
@Unique('uq_membership_account_tenant', ['accountId', 'tenantId'])
@Unique('uq_membership_tenant_id', ['tenantId', 'id'])
export class Membership {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_membership' })
  id!: string;
  @Column('uuid', { name: 'account_id' })
  accountId!: string;
  @Column('uuid', { name: 'tenant_id' })
  tenantId!: string;
  @Column('text')
  role!: Role;
  @Column('text')
  status!: MembershipStatus;
  /** Bumped by every change of the membership; a session that carries an older one has ended. */
  @Column('integer', { name: 'access_version', default: 1 })
  accessVersion!: number;
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

@Entity('pod')
@Unique('uq_pod_name', ['tenantId', 'name'])
@Unique('uq_pod_tenant_id', ['tenantId', 'id'])
export class Pod {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_pod' })
  id!: string;
  @Column('uuid', { name: 'tenant_id' })
  tenantId!: string;
  @Column('text')
  name!: string;
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

@Entity('pod_member')
@Index('ix_pod_member_membership', ['membershipId'])
export class PodMember {
  @PrimaryColumn('uuid', { name: 'pod_id', primaryKeyConstraintName: 'pk_pod_member' })
  podId!: string;
  @PrimaryColumn('uuid', { name: 'membership_id', primaryKeyConstraintName: 'pk_pod_member' })
  membershipId!: string;
  @Column('uuid', { name: 'tenant_id' })
  tenantId!: string;
  @Column('boolean', { default: false })
  manager!: boolean;
}
