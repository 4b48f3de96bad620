import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

export type TenantStatus = 'active' | 'suspended' | 'deleting';

@Entity('plan')
export class Plan {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_plan' })
  id!: string;
  @Column('text')
  name!: string;
  @Column('integer', { name: 'max_databases' })
  maxDatabases!: number;
  @Column('integer', { name: 'max_storage_mb' })
  maxStorageMb!: number;
  @Column('integer', { name: 'max_connections' })
  maxConnections!: number;
  @Column('integer', { name: 'max_members' })
  maxMembers!: number;
  @Column('integer', { name: 'max_queries_per_minute' })
  maxQueriesPerMinute!: number;
}

@Entity('tenant')
@Unique('uq_tenant_slug', ['slug'])
export class Tenant {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_tenant' })
  id!: string;
  @Column('text')
  name!: string;
  @Column('text')
  slug!: string;
  @Column('text', { name: 'plan_id' })
  planId!: string;
  @Column('text')
  status!: TenantStatus;
  @Column('jsonb', { default: {} })
  settings!: object;
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
