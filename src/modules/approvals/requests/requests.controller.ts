import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Done, Page } from '../../../platform/http/answers.js';
import { Gone } from '../../../platform/http/gone.decorator.js';
import { IdPipe } from '../../../platform/http/id.pipe.js';
import { RequestPages } from './request-pages.js';
import { RequestPreviewsService } from './request-previews.service.js';
import { DraftInput, NewRequestQuery, RequestFormInput, RequestsQuery } from './requests.dto.js';
import { RequestsService, type RequestInput } from './requests.service.js';
import type { RequestForm, RequestPage, RequestsPage } from './requests.view.js';

@ApiTags('requests')
@Controller('requests')
export class RequestsController {
  constructor(
    private readonly pages: RequestPages,
    private readonly requests: RequestsService,
    private readonly previews: RequestPreviewsService,
  ) {}

  @Get()
  @Allow('requests:read')
  @ApiOperation({ summary: 'Requests that wait for you, that you made, or that you may see' })
  async list(@CurrentActor() actor: Actor, @Query() query: RequestsQuery): Promise<Page<RequestsPage>> {
    return new Page('requests/index', 'requests/_list', await this.pages.list(actor, query));
  }

  @Get('new')
  @Allow('requests:submit')
  @ApiOperation({ summary: 'The form for a request' })
  async draft(@CurrentActor() actor: Actor, @Query() query: NewRequestQuery): Promise<Page<RequestForm>> {
    return new Page('requests/new', 'requests/_form', await this.pages.form(actor, query));
  }

  @Post('draft')
  @HttpCode(200)
  @Allow('requests:submit')
  @ApiOperation({ summary: 'The form for a request, filled in with what the workbench refused' })
  async draftOf(
    @CurrentActor() actor: Actor,
    @Body() { databaseId, sql }: DraftInput,
  ): Promise<Page<RequestForm>> {
    return new Page(
      'requests/new',
      'requests/_form',
      await this.pages.form(actor, { databaseId, text: sql }),
    );
  }

  @Post()
  @Allow('requests:submit')
  @ApiOperation({ summary: 'Ask for something to be run; it is previewed at once where that is possible' })
  async submit(
    @CurrentActor() actor: Actor,
    @Body() input: RequestFormInput,
    @Gone() gone: AbortSignal,
  ): Promise<Done<RequestPage>> {
    const { id, number } = await this.requests.submit(actor, inputOf(input));
    await this.previews.preview(actor, id, gone);
    return Done.created(`/requests/${id}`, await this.pages.show(actor, id)).saying(
      `Request #${String(number)} is on its way to those who decide.`,
    );
  }

  @Get(':id')
  @Allow('requests:read')
  @ApiOperation({ summary: 'One request with its effect, decisions and history' })
  async show(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Page<RequestPage>> {
    return new Page('requests/show', 'requests/_show', await this.pages.show(actor, id));
  }

  @Get(':id/edit')
  @Allow('requests:submit')
  @ApiOperation({ summary: 'The form to change a request' })
  async editForm(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Page<RequestForm>> {
    return new Page('requests/new', 'requests/_form', await this.pages.editForm(actor, id));
  }

  @Patch(':id')
  @Allow('requests:submit')
  @ApiOperation({ summary: 'Change a pending request; its approvals become void' })
  async edit(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() input: RequestFormInput,
    @Gone() gone: AbortSignal,
  ): Promise<Done<RequestPage>> {
    await this.requests.edit(actor, id, inputOf(input));
    await this.previews.preview(actor, id, gone);
    return Done.to(`/requests/${id}`, await this.pages.show(actor, id));
  }
}

function inputOf({ scheduledFor, windowFrom, windowUntil, podId, ...input }: RequestFormInput): RequestInput {
  const { databaseId, title, text, reason, run } = input;
  return {
    ...{ databaseId, title, text, reason, run },
    podId: podId === undefined || podId === '' ? null : podId,
    scheduledFor: run === 'at' ? (scheduledFor ?? null) : null,
    windowFrom: windowFrom ?? null,
    windowUntil: windowUntil ?? null,
  };
}
