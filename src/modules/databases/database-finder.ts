import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { bestMatches, type SearchHit } from '../../platform/health/search-source.js';
import { DatabasesService } from './databases.service.js';

/** Databases for the search over everything; those used last come first. */
@Injectable()
export class DatabaseFinder {
  constructor(private readonly databases: DatabasesService) {}

  async find(actor: Actor, query: string, limit: number): Promise<SearchHit[]> {
    const visible = (await this.databases.list(actor)).map(({ record }) => record);
    const recent = visible
      .filter(({ status }) => status !== 'deleted' && status !== 'deleting')
      .sort((a, b) => (b.lastUsedAt?.getTime() ?? 0) - (a.lastUsedAt?.getTime() ?? 0));
    return bestMatches(recent, ({ name }) => name, query, limit).map(({ id, name, status }) => ({
      label: name,
      detail: status,
      href: `/databases/${id}`,
    }));
  }
}
