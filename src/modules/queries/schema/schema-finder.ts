import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import type { SearchHit } from '../../../platform/health/search-source.js';
import { DatabasesService } from '../../databases/databases.service.js';
import { SchemasService } from '../schemas.service.js';
import { searchSchema } from './schema-search.js';

/** Tables and columns for the search over everything, of the schemas that are known already: no server is asked. */
@Injectable()
export class SchemaFinder {
  constructor(
    private readonly databases: DatabasesService,
    private readonly schemas: SchemasService,
  ) {}

  async find(actor: Actor, query: string, limit: number): Promise<SearchHit[]> {
    if (query.trim() === '') return [];
    const visible = await this.databases.list(actor);
    const open = visible.filter(({ record }) => record.status === 'running' || record.status === 'stopped');
    const found = open.flatMap(({ record }) => {
      const catalog = this.schemas.known(record.id);
      const matches = catalog === undefined ? [] : searchSchema(catalog, query, limit);
      return matches.map((match) => ({ ...match, record }));
    });
    return found
      .sort((a, b) => a.rank - b.rank)
      .slice(0, limit)
      .map(({ record, schema, table, column }) => {
        const label = column === null ? table.name : `${table.name}.${column.name}`;
        const address = new URLSearchParams({ databaseId: record.id, find: label });
        return {
          label,
          detail: `${record.name}, ${schema.name}${column === null ? '' : `, ${column.type}`}`,
          href: `/workbench?${address.toString()}`,
        };
      });
  }
}
