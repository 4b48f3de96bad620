import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Download, Page } from '../../../platform/http/answers.js';
import { Gone } from '../../../platform/http/gone.decorator.js';
import { IdPipe } from '../../../platform/http/id.pipe.js';
import { ApiResultName, ResultNamePipe, type ResultName } from '../results/result-name.js';
import { ResultsService } from '../results/results.service.js';
import { viewOf } from '../results/results.view.js';
import { ResultExportInput, StatementExportInput } from './export.dto.js';
import { ExportJournal } from './export-journal.js';
import { exportView, type ExportView } from './export.view.js';
import { ExportsService, type OutgoingFile } from './exports.service.js';

const FILES = [
  'text/csv',
  'application/json',
  'application/x-ndjson',
  'application/sql',
  'application/octet-stream',
];

@ApiTags('queries')
@Controller('queries')
export class ExportController {
  constructor(
    private readonly exports: ExportsService,
    private readonly results: ResultsService,
    private readonly journal: ExportJournal,
  ) {}

  @Post('export')
  @HttpCode(200)
  @Allow('queries:export')
  @ApiProduces(...FILES)
  @ApiOperation({ summary: 'Everything that a statement reads, as a file that is sent while it is read' })
  async statement(
    @CurrentActor() actor: Actor,
    @Body() input: StatementExportInput,
    @Gone() gone: AbortSignal,
  ): Promise<Download> {
    return download(await this.exports.exportStatement(actor, input, input, gone));
  }

  @Post('results/:runId/:number/export')
  @HttpCode(200)
  @Allow('queries:export')
  @ApiResultName()
  @ApiProduces(...FILES)
  @ApiOperation({
    summary: 'A kept result as a file: what is shown, what was read, or everything by a new run',
  })
  async result(
    @CurrentActor() actor: Actor,
    @Param(ResultNamePipe) name: ResultName,
    @Body() input: ResultExportInput,
    @Gone() gone: AbortSignal,
  ): Promise<Download> {
    const result = await this.results.get(actor, name);
    return download(await this.exports.exportResult(actor, result, viewOf(result, input), input, gone));
  }

  @Get('exports/:id')
  @Allow('queries:read')
  @ApiOperation({ summary: 'How far an export of yours is, or what became of it' })
  async show(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Page<ExportView>> {
    const stored = await this.journal.get(actor, id);
    return new Page('workbench/export', 'workbench/_export', exportView(stored, this.journal.clock.now()));
  }
}

function download({ fileName, contentType, body }: OutgoingFile): Download {
  return new Download(fileName, contentType, body);
}
