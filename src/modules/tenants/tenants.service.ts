import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { notFound } from '../../platform/errors/app-error.js';
import { newId } from '../../platform/persistence/ids.js';
import type { Row } from '../../platform/persistence/row.js';
import { tenantSettings, type TenantSettings } from './tenant-settings.js';
import type { Plan, Tenant } from './tenant.entity.js';
import { TenantsRepository } from './tenants.repository.js';
import type { Quota, TenantFacts } from './tenants.types.js';

@Injectable()
export class TenantsService {
  constructor(
    private readonly tenants: TenantsRepository,
    private readonly clock: Clock,
  ) {}

  async getTenant(tenantId: string): Promise<TenantFacts> {
    return factsOf(await this.get(tenantId));
  }

  async listTenants(tenantIds: readonly string[]): Promise<TenantFacts[]> {
    return (await this.tenants.list(tenantIds)).map(factsOf);
  }

  async settingsOf(tenantId: string): Promise<TenantSettings> {
    return tenantSettings((await this.get(tenantId)).settings);
  }

  /** The tenants that let people with a mailbox in this domain join by themselves, by name. */
  async listOpenTo(domain: string): Promise<TenantFacts[]> {
    return (await this.tenants.openTo(domain.toLowerCase())).map(factsOf);
  }

  async quotaOf(tenantId: string): Promise<Quota> {
    const tenant = await this.get(tenantId);
    return quotaFrom(await this.tenants.plan(tenant.planId));
  }

  /**
   * The quota with the tenant's row locked until the open transaction ends. Count and insert in the same transaction:
   * two that try at once come one after the other.
   */
  async lockQuota(tenantId: string): Promise<Quota> {
    const tenant = await this.tenants.lock(tenantId);
    if (tenant === undefined) throw notFound('organisation');
    return quotaFrom(await this.tenants.plan(tenant.planId));
  }

  /** Makes a tenant; joins the open transaction, in which its first member is made. */
  async create(name: string, planId: string): Promise<TenantFacts> {
    const tenant: Row<Tenant> = {
      id: newId(),
      name,
      slug: await this.freeSlug(name),
      planId,
      status: 'active',
      settings: {},
      createdAt: this.clock.now(),
    };
    await this.tenants.insert(tenant);
    return factsOf(tenant);
  }

  private async freeSlug(name: string): Promise<string> {
    const wanted = slugOf(name);
    return (await this.tenants.slugTaken(wanted)) ? `${wanted}-${newId().slice(-8)}` : wanted;
  }

  private async get(tenantId: string): Promise<Tenant> {
    const tenant = await this.tenants.find(tenantId);
    if (tenant === undefined) throw notFound('organisation');
    return tenant;
  }
}

function factsOf({ id, name, status }: Row<Tenant>): TenantFacts {
  return { id, name, status };
}

function quotaFrom(plan: Plan): Quota {
  const {
    name: planName,
    maxDatabases,
    maxStorageMb,
    maxConnections,
    maxMembers,
    maxQueriesPerMinute,
  } = plan;
  return { planName, maxDatabases, maxStorageMb, maxConnections, maxMembers, maxQueriesPerMinute };
}

function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  const trimmed = plain.replace(/^-+|-+$/g, '').slice(0, 40);
  return trimmed === '' ? 'tenant' : trimmed;
}
