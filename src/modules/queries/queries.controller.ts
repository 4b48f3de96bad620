import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Catalog } from '../../engines/engine.js';
import { Allow, CurrentActor } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import { Done, Page, type PreEncoded } from '../../platform/http/answers.js';
import { Gone } from '../../platform/http/gone.decorator.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { historyPage, historyPageWhole, runView } from './history.view.js';
import { HistoryService } from './history.service.js';
import { DatabaseQuery, HistoryQuery, RunInput, SampleQuery } from './queries.dto.js';
import type { HistoryFilter } from './queries.types.js';
import type { HistoryPage, RunOutcome, RunView } from './queries.view.js';
import { QueryAnswers } from './query-answers.js';
import { SchemasService } from './schemas.service.js';
import { WorkbenchPages } from './workbench-pages.js';

const SAMPLE_ROWS = 20;

@ApiTags('queries')
@Controller('queries')
export class QueriesController {
  constructor(
    private readonly answers: QueryAnswers,
    private readonly history: HistoryService,
    private readonly schemas: SchemasService,
    private readonly workbench: WorkbenchPages,
  ) {}

  @Post('sql')
  @HttpCode(200)
  @Allow('queries:run')
  @ApiOperation({ summary: 'Run statements; one that fails is an error in its own result' })
  async run(
    @CurrentActor() actor: Actor,
    @Body() input: RunInput,
    @Gone() gone: AbortSignal,
  ): Promise<Page<RunOutcome & PreEncoded>> {
    const outcome = await this.answers.run(actor, input, gone);
    return this.workbench.after(actor, input, outcome);
  }

  @Get('history')
  @Allow('queries:read')
  @ApiOperation({ summary: 'What you ran, newest first' })
  async list(@CurrentActor() actor: Actor, @Query() query: HistoryQuery): Promise<Page<HistoryPage>> {
    const filter = filterOf(query);
    const before = query.before === '' ? null : (query.before ?? null);
    const page = historyPage(await this.history.list(actor, before, undefined, filter), filter);
    return new Page('workbench/history', 'workbench/_history', page).within(async () =>
      historyPageWhole(page, filter, await this.history.databases(actor)),
    );
  }

  @Get('history/:id')
  @Allow('queries:read')
  @ApiOperation({ summary: 'One run with its text' })
  async show(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Page<RunView>> {
    return new Page('workbench/run', null, runView(await this.history.get(actor, id)));
  }

  @Post(':runId/cancel')
  @HttpCode(200)
  @Allow('queries:run')
  @ApiOperation({ summary: 'Cancel a run on its server' })
  async cancel(
    @CurrentActor() actor: Actor,
    @Param('runId', IdPipe) id: string,
  ): Promise<Done<{ runId: string; cancelling: true }>> {
    const run = await this.history.cancel(actor, id);
    return Done.to(`/workbench?databaseId=${run.databaseId}`, { runId: id, cancelling: true as const });
  }

  @Get('schema')
  @Allow('queries:read')
  @ApiOperation({ summary: 'What a database holds' })
  async schema(@CurrentActor() actor: Actor, @Query() { databaseId }: DatabaseQuery): Promise<Page<Catalog>> {
    return new Page('workbench/schema', null, await this.schemas.describe(actor, databaseId));
  }

  @Get('sample-data/:table')
  @Allow('queries:run')
  @ApiOperation({ summary: `The first ${String(SAMPLE_ROWS)} rows of a table` })
  async sample(
    @CurrentActor() actor: Actor,
    @Param('table') table: string,
    @Query() { databaseId, schema }: SampleQuery,
    @Gone() gone: AbortSignal,
  ): Promise<Page<RunOutcome & PreEncoded>> {
    const name = [schema, table]
      .filter((part) => part !== undefined && part !== '')
      .map(quoted)
      .join('.');
    const input = { databaseId, sql: `select * from ${name}`, maxRows: SAMPLE_ROWS, asRole: 'viewer' };
    return this.workbench.after(actor, input, await this.answers.run(actor, input, gone));
  }
}

/** A form sends what was left empty as empty text. */
function filterOf({ class: ofClass, databaseId, q, status }: HistoryQuery): HistoryFilter {
  const given = Object.entries({ class: ofClass, databaseId, q, status }) as [string, string | undefined][];
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ''));
}

function quoted(name: string | undefined): string {
  return `"${(name ?? '').replaceAll('"', '""')}"`;
}
