import { Injectable } from '@nestjs/common';
import type { PlatformRole, Role } from '../../platform/access/roles.js';
import type { Row } from '../../platform/persistence/row.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { Account } from './account.entity.js';
import { Membership } from './membership.entity.js';

export interface MemberRow {
  readonly membership_id: string;
  readonly account_id: string;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly role: Role;
  readonly access_version: number;
  readonly platform_role: PlatformRole;
  readonly email: string;
  readonly name: string;
  readonly pod_ids: string[];
  readonly active: boolean;
}

const MEMBER = `
  select m.id as membership_id, m.account_id, m.tenant_id, t.name as tenant_name, m.role, m.access_version,
         a.platform_role, a.email, a.name,
         array(select pm.pod_id from pod_member pm where pm.membership_id = m.id) as pod_ids,
         (m.status = 'active' and a.status = 'active' and t.status = 'active') as active
    from membership m join account a on a.id = m.account_id join tenant t on t.id = m.tenant_id`;

@Injectable()
export class UsersRepository {
  constructor(private readonly transactions: Transactions) {}

  async findAccount(emailKey: string): Promise<Account | undefined> {
    return (await this.transactions.manager.findOneBy(Account, { emailKey })) ?? undefined;
  }

  async findAccountById(accountId: string): Promise<Account | undefined> {
    return (await this.transactions.manager.findOneBy(Account, { id: accountId })) ?? undefined;
  }

  /** Holds the account's row until the transaction ends. */
  async lockAccount(accountId: string): Promise<Account | undefined> {
    const found = await this.transactions.manager.findOne(Account, {
      where: { id: accountId },
      lock: { mode: 'pessimistic_write' },
    });
    return found ?? undefined;
  }

  async updateAccount(accountId: string, change: Partial<Row<Account>>): Promise<void> {
    await this.transactions.manager.update(Account, { id: accountId }, change);
  }

  async rememberPassword(accountId: string, passwordHash: string, now: Date): Promise<void> {
    await this.transactions.manager.query(
      `insert into password_history (account_id, password_hash, set_at) values ($1, $2, $3)
       on conflict (account_id, set_at) do update set password_hash = excluded.password_hash`,
      [accountId, passwordHash, now],
    );
  }

  /** The newest first. */
  async passwordsOf(accountId: string, limit: number): Promise<string[]> {
    const rows = await this.transactions.manager.query<{ password_hash: string }[]>(
      'select password_hash from password_history where account_id = $1 order by set_at desc limit $2',
      [accountId, limit],
    );
    return rows.map((row) => row.password_hash);
  }

  async forgetPasswords(accountId: string, keep: number): Promise<void> {
    await this.transactions.manager.query(
      `delete from password_history where account_id = $1 and set_at not in
         (select set_at from password_history where account_id = $1 order by set_at desc limit $2)`,
      [accountId, keep],
    );
  }

  async countAccounts(): Promise<number> {
    return this.transactions.manager.count(Account);
  }

  async insertAccount(account: Row<Account>): Promise<void> {
    await this.transactions.manager.insert(Account, account);
  }

  async insertMembership(membership: Row<Membership>): Promise<void> {
    await this.transactions.manager.insert(Membership, membership);
  }

  async insertPodMember(tenantId: string, podId: string, membershipId: string): Promise<void> {
    await this.transactions.manager.query(
      `insert into pod_member (tenant_id, pod_id, membership_id) values ($1, $2, $3) on conflict do nothing`,
      [tenantId, podId, membershipId],
    );
  }

  /** Those that count against the quota: everybody who was not deactivated. */
  async countMembers(tenantId: string): Promise<number> {
    const [row] = await this.transactions.manager.query<{ count: number }[]>(
      `select count(*)::int as count from membership where tenant_id = $1 and status <> 'deactivated'`,
      [tenantId],
    );
    return row?.count ?? 0;
  }

  /** One person in every tenant they belong to; the only question here that is not about one tenant. */
  async membersOf(accountId: string): Promise<MemberRow[]> {
    return this.transactions.manager.query<MemberRow[]>(
      `${MEMBER} where m.account_id = $1 order by t.name, m.id`,
      [accountId],
    );
  }

  async findMember(tenantId: string, membershipId: string): Promise<MemberRow | undefined> {
    const [row] = await this.transactions.manager.query<MemberRow[]>(
      `${MEMBER} where m.tenant_id = $1 and m.id = $2`,
      [tenantId, membershipId],
    );
    return row;
  }

  async namesOf(tenantId: string, membershipIds: readonly string[]): Promise<{ id: string; name: string }[]> {
    return this.transactions.manager.query<{ id: string; name: string }[]>(
      `select m.id, a.name from membership m join account a on a.id = m.account_id
        where m.tenant_id = $1 and m.id = any($2)`,
      [tenantId, membershipIds],
    );
  }

  async managedPodIds(tenantId: string, membershipId: string): Promise<string[]> {
    const rows = await this.transactions.manager.query<{ id: string }[]>(
      'select pod_id as id from pod_member where tenant_id = $1 and membership_id = $2 and manager',
      [tenantId, membershipId],
    );
    return rows.map(({ id }) => id);
  }

  async podNames(tenantId: string, podIds: readonly string[]): Promise<{ id: string; name: string }[]> {
    return this.transactions.manager.query<{ id: string; name: string }[]>(
      'select id, name from pod where tenant_id = $1 and id = any($2) order by name',
      [tenantId, podIds],
    );
  }
}
