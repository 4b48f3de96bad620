import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Done } from '../../../platform/http/answers.js';
import { Gone } from '../../../platform/http/gone.decorator.js';
import { IdPipe } from '../../../platform/http/id.pipe.js';
import { UndoService } from '../executions/undo.service.js';
import { RequestDecisionsService } from './request-decisions.service.js';
import { RequestPages } from './request-pages.js';
import { RequestPreviewsService } from './request-previews.service.js';
import { ApproveInput, CommentInput, RejectInput, UndoInput } from './requests.dto.js';
import { RequestsService } from './requests.service.js';
import type { RequestPage } from './requests.view.js';

type Answer = Promise<Done<RequestPage>>;

@ApiTags('requests')
@Controller('requests/:id')
export class RequestActsController {
  constructor(
    private readonly pages: RequestPages,
    private readonly requests: RequestsService,
    private readonly decisions: RequestDecisionsService,
    private readonly previews: RequestPreviewsService,
    private readonly undos: UndoService,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @Allow('requests:read')
  @ApiOperation({ summary: 'Run it in a transaction that is rolled back, and show what would change' })
  async preview(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Gone() gone: AbortSignal,
  ): Answer {
    await this.previews.preview(actor, id, gone);
    return this.swap(actor, id);
  }

  @Post('approve')
  @HttpCode(200)
  @Allow('requests:decide')
  @ApiOperation({ summary: 'Say yes to exactly this version' })
  async approve(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() { comment, version, tolerance }: ApproveInput,
  ): Answer {
    await this.decisions.approve(actor, id, { comment, version, tolerance: tolerance ?? null });
    return this.swap(actor, id);
  }

  @Post('reject')
  @HttpCode(200)
  @Allow('requests:decide')
  @ApiOperation({ summary: 'Say no, and why' })
  async reject(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() input: RejectInput,
  ): Answer {
    await this.decisions.reject(actor, id, input.comment, input.version);
    return this.swap(actor, id);
  }

  @Post('withdraw')
  @HttpCode(200)
  @Allow('requests:submit')
  @ApiOperation({ summary: 'Take a request back before it runs' })
  async withdraw(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Answer {
    await this.requests.withdraw(actor, id);
    return this.swap(actor, id);
  }

  @Post('comment')
  @HttpCode(200)
  @Allow('requests:read')
  @ApiOperation({ summary: 'Say something about a request' })
  async comment(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() input: CommentInput,
  ): Answer {
    await this.requests.comment(actor, id, input.comment);
    return this.swap(actor, id);
  }

  @Post('execute')
  @HttpCode(200)
  @Allow('requests:submit')
  @ApiOperation({ summary: 'Run an approved request' })
  async execute(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Answer {
    await this.decisions.execute(actor, id);
    return this.swap(actor, id);
  }

  @Post('undo')
  @Allow('requests:submit')
  @ApiOperation({ summary: 'Ask for what it changed to be taken back; answers the new request' })
  async undo(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: UndoInput,
    @Gone() gone: AbortSignal,
  ): Answer {
    const made = await this.undos.request(actor, id, reason);
    await this.previews.preview(actor, made.id, gone);
    return Done.created(`/requests/${made.id}`, await this.pages.show(actor, made.id));
  }

  private async swap(actor: Actor, id: string): Answer {
    return Done.swap(`/requests/${id}`, 'requests/_show', await this.pages.show(actor, id));
  }
}
