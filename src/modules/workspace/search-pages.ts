import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { Registry } from '../../platform/health/registry.js';
import type { SearchSource } from '../../platform/health/search-source.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import type { SearchGroup, SearchPage } from './search.view.js';

const HITS_IN_A_GROUP = 6;

/** Asks everything that can be searched at once; what fails is left out, and the rest is found all the same. */
@Injectable()
export class SearchPages {
  constructor(
    private readonly registry: Registry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async find(actor: Actor, q: string): Promise<SearchPage> {
    const sources = this.registry.searchSources.filter(({ permission }) => actor.permissions.has(permission));
    const groups = await Promise.all(sources.map(async (source) => this.ask(source, actor, q)));
    const filled = groups.filter(({ hits }) => hits.length > 0);
    return { q, count: filled.reduce((sum, { hits }) => sum + hits.length, 0), groups: filled };
  }

  private async ask(source: SearchSource, actor: Actor, q: string): Promise<SearchGroup> {
    const { group: label, icon } = source;
    try {
      return { label, icon, hits: await source.find(actor, q, HITS_IN_A_GROUP) };
    } catch (error) {
      this.logger.error({ err: error, group: label }, 'A part of the search failed');
      return { label, icon, hits: [] };
    }
  }
}
