import { Controller, Get, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import type { Page } from '../../platform/http/answers.js';
import { DatabaseQuery, WorkbenchQuery } from './queries.dto.js';
import type { WorkbenchPage, WorkbenchStatus } from './queries.view.js';
import { WorkbenchPages } from './workbench-pages.js';

@ApiExcludeController()
@Controller('workbench')
export class WorkbenchController {
  constructor(private readonly pages: WorkbenchPages) {}

  @Get()
  @Allow('queries:read')
  async open(
    @CurrentActor() actor: Actor,
    @Query() { databaseId, run, find }: WorkbenchQuery,
  ): Promise<Page<WorkbenchPage>> {
    return this.pages.open(actor, databaseId, { run, find });
  }

  /** The line below the editor, when the state of the database changes. */
  @Get('status')
  @Allow('queries:read')
  async status(
    @CurrentActor() actor: Actor,
    @Query() { databaseId }: DatabaseQuery,
  ): Promise<Page<WorkbenchStatus>> {
    return this.pages.status(actor, databaseId);
  }
}
