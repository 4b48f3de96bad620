import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity('account')
@Unique('uq_account_email_key', ['emailKey'])
export class Account {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_account' })
  id!: string;
  @Column('text')
  email!: string;
  /** The address in the one form in which it is looked up. */
  @Column('text', { name: 'email_key' })
  emailKey!: string;
  @Column('text')
  name!: string;
  /** Null for people who sign in at their organisation's own provider only. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash!: string | null;
  @Column('timestamptz', { name: 'password_changed_at' })
  passwordChangedAt!: Date;
  @Column('boolean', { name: 'must_change_password', default: false })
  mustChangePassword!: boolean;
  @Column('text', { name: 'platform_role', nullable: true })
  platformRole!: 'super_admin' | null;
  @Column('text')
  status!: 'active' | 'suspended';
  @Column('timestamptz', { name: 'email_verified_at', nullable: true })
  emailVerifiedAt!: Date | null;
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
