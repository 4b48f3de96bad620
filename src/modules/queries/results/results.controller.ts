import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { notFound } from '../../../platform/errors/app-error.js';
import { Page } from '../../../platform/http/answers.js';
import { cellView, type CellView } from './cell.view.js';
import type { PartView } from './grid.view.js';
import { ApiCellName, ApiResultName, CellNamePipe, ResultNamePipe } from './result-name.js';
import type { CellName, ResultName } from './result-name.js';
import { CellQuery, PartQuery } from './results.dto.js';
import { ResultsService } from './results.service.js';
import { mayOf, resultPage, resultPart, viewOf, type ResultPage } from './results.view.js';

@ApiTags('queries')
@Controller('queries/results')
export class ResultsController {
  constructor(private readonly results: ResultsService) {}

  @Get(':runId/:number')
  @Allow('queries:read')
  @ApiResultName()
  @ApiOperation({ summary: 'A kept result, sorted and filtered among the rows that are shown' })
  async show(
    @CurrentActor() actor: Actor,
    @Param(ResultNamePipe) name: ResultName,
    @Query() query: PartQuery,
  ): Promise<Page<ResultPage>> {
    const result = await this.results.get(actor, name);
    const view = viewOf(result, query);
    const part = await this.results.part(result, view, query.from ?? 0);
    return new Page('workbench/result', 'workbench/_result', resultPage(result, view, part, mayOf(actor)));
  }

  @Get(':runId/:number/rows')
  @Allow('queries:read')
  @ApiResultName()
  @ApiOperation({ summary: 'At most 200 rows of a kept result' })
  async rows(
    @CurrentActor() actor: Actor,
    @Param(ResultNamePipe) name: ResultName,
    @Query() query: PartQuery,
  ): Promise<Page<PartView>> {
    const result = await this.results.get(actor, name);
    const view = viewOf(result, query);
    const part = await this.results.part(result, view, query.from ?? 0);
    const whole = async (): Promise<ResultPage> =>
      Promise.resolve(resultPage(result, view, part, mayOf(actor)));
    return new Page('workbench/result', 'workbench/_part', resultPart(result, view, part)).within(whole);
  }

  @Get(':runId/:number/cells/:record/:column')
  @Allow('queries:read')
  @ApiCellName()
  @ApiOperation({ summary: 'One value of a kept result' })
  async cell(
    @CurrentActor() actor: Actor,
    @Param(CellNamePipe) { record, column, ...name }: CellName,
    @Query() { all = false }: CellQuery,
  ): Promise<Page<CellView>> {
    const result = await this.results.get(actor, name);
    if (column >= result.columns.length) throw notFound('column');
    const view = cellView(result, await this.results.row(result, record), { record, column, all });
    return new Page('workbench/cell', 'workbench/_cell', view);
  }
}
