import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { Row } from '../../platform/persistence/row.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { Plan, Tenant } from './tenant.entity.js';

@Injectable()
export class TenantsRepository {
  constructor(private readonly transactions: Transactions) {}

  async find(tenantId: string): Promise<Tenant | undefined> {
    return (await this.transactions.manager.findOneBy(Tenant, { id: tenantId })) ?? undefined;
  }

  async list(tenantIds: readonly string[]): Promise<Tenant[]> {
    return this.transactions.manager.findBy(Tenant, { id: In([...tenantIds]) });
  }

  async openTo(domain: string): Promise<Tenant[]> {
    const rows = await this.transactions.manager.query<{ id: string }[]>(
      `select id from tenant where status = 'active' and jsonb_exists(settings -> 'allowedDomains', $1)
        order by name, id`,
      [domain],
    );
    const tenants = await this.list(rows.map(({ id }) => id));
    return rows.flatMap(({ id }) => tenants.filter((tenant) => tenant.id === id));
  }

  /** Holds the tenant's row until the transaction ends: whoever counts against the quota waits here. */
  async lock(tenantId: string): Promise<Tenant | undefined> {
    const manager = this.transactions.manager;
    const row = await manager.findOne(Tenant, {
      where: { id: tenantId },
      lock: { mode: 'pessimistic_write' },
    });
    return row ?? undefined;
  }

  async plan(planId: string): Promise<Plan> {
    return this.transactions.manager.findOneByOrFail(Plan, { id: planId });
  }

  async slugTaken(slug: string): Promise<boolean> {
    return this.transactions.manager.existsBy(Tenant, { slug });
  }

  async insert(tenant: Row<Tenant>): Promise<void> {
    await this.transactions.manager.insert(Tenant, tenant);
  }
}
