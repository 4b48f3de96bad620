import { Controller, Get, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import type { Page } from '../../platform/http/answers.js';
import { WorkbenchQuery } from './queries.dto.js';
import type { WorkbenchPage } from './queries.view.js';
import { WorkbenchPages } from './workbench-pages.js';

@ApiExcludeController()
@Controller('workbench')
export class WorkbenchController {
  constructor(private readonly pages: WorkbenchPages) {}

  @Get()
  @Allow('queries:read')
  async open(
    @CurrentActor() actor: Actor,
    @Query() { databaseId, run }: WorkbenchQuery,
  ): Promise<Page<WorkbenchPage>> {
    return this.pages.open(actor, databaseId, run);
  }
}
