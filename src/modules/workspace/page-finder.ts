import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import type { Permission } from '../../platform/access/permissions.js';
import { Registry } from '../../platform/health/registry.js';
import { bestMatches, type SearchHit } from '../../platform/health/search-source.js';

/** What one can go and do, beside the pages of the navigation. */
const ACTS: readonly { label: string; href: string; permission: Permission }[] = [
  { label: 'New database', href: '/databases/new', permission: 'databases:create' },
  {
    label: 'New database with the sample shop',
    href: '/databases/new?template=sample',
    permission: 'databases:create',
  },
  { label: 'Query history', href: '/queries/history', permission: 'queries:read' },
  { label: 'Your profile', href: '/users/profile', permission: 'session:own' },
  { label: 'API documentation', href: '/api/docs', permission: 'session:own' },
];

/** Pages and acts for the search over everything, as far as the role reaches. */
@Injectable()
export class PageFinder {
  constructor(private readonly registry: Registry) {}

  async find(actor: Actor, query: string, limit: number): Promise<SearchHit[]> {
    const all = [...this.registry.frameItems, ...ACTS];
    const allowed = all.filter(({ permission }) => actor.permissions.has(permission));
    const found = bestMatches(allowed, ({ label }) => label, query, limit);
    return Promise.resolve(found.map(({ label, href }) => ({ label, detail: null, href })));
  }
}
