/** What a tenant's plan allows. */
export interface Quota {
  readonly planName: string;
  readonly maxDatabases: number;
  readonly maxStorageMb: number;
  readonly maxConnections: number;
  readonly maxMembers: number;
  readonly maxQueriesPerMinute: number;
}

export interface TenantFacts {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'suspended' | 'deleting';
}
