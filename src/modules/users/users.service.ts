import { Injectable } from '@nestjs/common';
import type { PlatformRole, Role } from '../../platform/access/roles.js';
import { Clock } from '../../platform/clock/clock.js';
import { AppError } from '../../platform/errors/app-error.js';
import { newId } from '../../platform/persistence/ids.js';
import type { Row } from '../../platform/persistence/row.js';
import { TenantsService } from '../tenants/tenants.service.js';
import type { Account } from './account.entity.js';
import { UsersRepository, type MemberRow } from './users.repository.js';
import { accountFacts } from './account-facts.js';
import { emailKey, type AccountFacts, type MemberFacts } from './users.types.js';

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string | null;
  readonly platformRole: PlatformRole;
  /** False for those who have yet to prove that the mailbox is theirs. */
  readonly verified?: boolean;
}

/** Accounts, and what they are in each tenant. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly tenants: TenantsService,
    private readonly clock: Clock,
  ) {}

  async findAccount(email: string): Promise<AccountFacts | undefined> {
    const account = await this.users.findAccount(emailKey(email));
    return account === undefined ? undefined : accountFacts(account);
  }

  async countAccounts(): Promise<number> {
    return this.users.countAccounts();
  }

  /** Every tenant the account belongs to, also those it may not enter at present. */
  async listMemberships(accountId: string): Promise<MemberFacts[]> {
    return (await this.users.membersOf(accountId)).map(memberFacts);
  }

  async findMember(tenantId: string, membershipId: string): Promise<MemberFacts | undefined> {
    const row = await this.users.findMember(tenantId, membershipId);
    return row === undefined ? undefined : memberFacts(row);
  }

  /** Names by membership id; ids of other tenants are absent. */
  async namesOf(tenantId: string, membershipIds: readonly string[]): Promise<Map<string, string>> {
    const ids = [...new Set(membershipIds)];
    const rows = ids.length === 0 ? [] : await this.users.namesOf(tenantId, ids);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** The pods in which a member decides for the others. */
  async managedPodIds(tenantId: string, membershipId: string): Promise<string[]> {
    return this.users.managedPodIds(tenantId, membershipId);
  }

  /** By name; ids of other tenants are absent. */
  async podNames(tenantId: string, podIds: readonly string[]): Promise<{ id: string; name: string }[]> {
    return podIds.length === 0 ? [] : this.users.podNames(tenantId, [...new Set(podIds)]);
  }

  async createAccount({
    email,
    name,
    passwordHash,
    platformRole,
    verified = true,
  }: NewAccount): Promise<AccountFacts> {
    const now = this.clock.now();
    const account: Row<Account> = {
      id: newId(),
      email: email.trim(),
      emailKey: emailKey(email),
      name,
      passwordHash,
      passwordChangedAt: now,
      mustChangePassword: false,
      platformRole,
      status: 'active',
      emailVerifiedAt: verified ? now : null,
      createdAt: now,
    };
    await this.users.insertAccount(account);
    if (passwordHash !== null) await this.users.rememberPassword(account.id, passwordHash, now);
    return accountFacts(account);
  }

  /**
   * Makes an account a member by a way that the tenant itself opened: an invitation, its e-mail domain, its sign-in
   * provider. Counts against the quota; joins the open transaction.
   */
  async join(accountId: string, tenantId: string, role: Role): Promise<string> {
    const { maxMembers } = await this.tenants.lockQuota(tenantId);
    const memberships = await this.users.membersOf(accountId);
    if (memberships.some((member) => member.tenant_id === tenantId))
      throw new AppError('conflict', 'already_member', 'This account belongs to the organisation already.');
    if ((await this.users.countMembers(tenantId)) >= maxMembers)
      throw new AppError(
        'conflict',
        'quota_exceeded',
        `The organisation has all ${String(maxMembers)} members that its plan allows. Ask its administrator.`,
      );
    return this.addMember(accountId, tenantId, role);
  }

  /** Joins the open transaction; does nothing when the membership is in the pod already. */
  async addToPod(tenantId: string, podId: string, membershipId: string): Promise<void> {
    await this.users.insertPodMember(tenantId, podId, membershipId);
  }

  async addMember(accountId: string, tenantId: string, role: Role): Promise<string> {
    const id = newId();
    const createdAt = this.clock.now();
    await this.users.insertMembership({
      id,
      accountId,
      tenantId,
      role,
      status: 'active',
      accessVersion: 1,
      createdAt,
    });
    return id;
  }
}

function memberFacts(row: MemberRow): MemberFacts {
  return {
    membershipId: row.membership_id,
    accountId: row.account_id,
    tenantId: row.tenant_id,
    tenantName: row.tenant_name,
    role: row.role,
    accessVersion: row.access_version,
    platformRole: row.platform_role,
    email: row.email,
    name: row.name,
    podIds: row.pod_ids,
    active: row.active,
  };
}
