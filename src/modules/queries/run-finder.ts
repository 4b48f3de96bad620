import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { bestMatches, type SearchHit } from '../../platform/health/search-source.js';
import { HistoryService } from './history.service.js';

const LOOKED_AT = 100;
const LABEL_LENGTH = 100;

/** One's own last runs for the search over everything, each text once. */
@Injectable()
export class RunFinder {
  constructor(private readonly history: HistoryService) {}

  async find(actor: Actor, query: string, limit: number): Promise<SearchHit[]> {
    const { runs } = await this.history.list(actor, null, LOOKED_AT);
    const texts = new Map(runs.toReversed().map((run) => [`${run.databaseId} ${run.sql}`, run]));
    return bestMatches([...texts.values()].toReversed(), ({ sql }) => sql, query, limit).map((run) => ({
      label: run.sql.replace(/\s+/g, ' ').trim().slice(0, LABEL_LENGTH),
      detail: run.databaseName,
      href: `/workbench?databaseId=${run.databaseId}&run=${run.id}`,
    }));
  }
}
