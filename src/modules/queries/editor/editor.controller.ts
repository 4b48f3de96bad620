import { Body, Controller, Get, Headers, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Page, Versioned } from '../../../platform/http/answers.js';
import { DatabaseQuery } from '../queries.dto.js';
import { WorkbenchPages } from '../workbench-pages.js';
import { checkPage } from './check.view.js';
import { TextInput } from './editor.dto.js';
import { EditorService } from './editor.service.js';
import type { CheckView, FormattedView } from './editor.types.js';

const INDEX_FRESH_SECONDS = 60;

@ApiTags('queries')
@Controller('queries')
export class EditorController {
  constructor(
    private readonly editor: EditorService,
    private readonly workbench: WorkbenchPages,
  ) {}

  @Get('schema-index')
  @Allow('queries:read')
  @ApiOperation({
    summary: 'Names, columns and foreign keys of a database in a compact form, for completion',
  })
  async index(
    @CurrentActor() actor: Actor,
    @Query() { databaseId }: DatabaseQuery,
    @Headers('cache-control') caching: string | undefined,
  ): Promise<Versioned> {
    const { version, gzipped } = await this.editor.index(actor, databaseId, caching === 'no-cache');
    return new Versioned(version, gzipped, INDEX_FRESH_SECONDS);
  }

  @Post('check')
  @HttpCode(200)
  @Allow('queries:run')
  @ApiOperation({
    summary: 'Read a text with the engine’s grammar: statements, their classes, what is wrong',
  })
  async check(
    @CurrentActor() actor: Actor,
    @Body() { databaseId, sql }: TextInput,
  ): Promise<Page<CheckView>> {
    const view = await this.editor.check(actor, databaseId, sql);
    return new Page('workbench/check', null, view).within(async () =>
      Promise.resolve(checkPage(view, databaseId, sql)),
    );
  }

  @Post('format')
  @HttpCode(200)
  @Allow('queries:run')
  @ApiOperation({ summary: 'Lay a text out anew; one that cannot be read stays as it is' })
  async format(
    @CurrentActor() actor: Actor,
    @Body() { databaseId, sql }: TextInput,
  ): Promise<Page<FormattedView>> {
    const formatted = await this.editor.format(actor, databaseId, sql);
    return new Page('workbench/index', null, formatted).within(async () =>
      this.workbench.withText(actor, databaseId, formatted.sql),
    );
  }
}
