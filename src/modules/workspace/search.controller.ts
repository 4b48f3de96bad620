import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import { Page } from '../../platform/http/answers.js';
import { SearchQuery } from './search.dto.js';
import { SearchPages } from './search-pages.js';
import type { SearchPage } from './search.view.js';

@ApiTags('search')
@Controller('search')
export class SearchController {
  constructor(private readonly pages: SearchPages) {}

  @Get()
  @Allow('session:own')
  @ApiOperation({ summary: 'Search over everything that you may see' })
  async search(@CurrentActor() actor: Actor, @Query() { q = '' }: SearchQuery): Promise<Page<SearchPage>> {
    return new Page('search/index', 'search/_hits', await this.pages.find(actor, q));
  }
}
