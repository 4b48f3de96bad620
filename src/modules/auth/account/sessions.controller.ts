import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Done, Page } from '../../../platform/http/answers.js';
import { FormAgain } from '../../../platform/http/form-again.js';
import { IdPipe } from '../../../platform/http/id.pipe.js';
import { Origin, type RequestOrigin } from '../../../platform/http/origin.decorator.js';
import { ownPath } from '../../../platform/http/own-path.js';
import { sessionView, type SessionView } from '../auth.view.js';
import { SessionCookie } from '../session-cookie.js';
import { ConfirmInput, EndSessionsInput } from './account.dto.js';
import { confirmAgain, type ConfirmPage, type SessionsPage } from './account.view.js';
import { ConfirmationService } from './confirmation.service.js';
import { ProfilePages } from './profile-pages.js';
import { SessionKeepingService } from './session-keeping.service.js';

const LIST = '/users/profile#sessions';

@ApiTags('account')
@Controller('auth')
export class SessionsController {
  constructor(
    private readonly keeping: SessionKeepingService,
    private readonly confirmation: ConfirmationService,
    private readonly pages: ProfilePages,
    private readonly cookie: SessionCookie,
  ) {}

  @Get('sessions')
  @Allow('account:own')
  @ApiOperation({ summary: 'The open sessions of one’s account' })
  async list(@CurrentActor() actor: Actor): Promise<Page<SessionsPage>> {
    return new Page('account/sessions', 'account/_sessions', {
      sessions: await this.pages.sessionsOf(actor),
    });
  }

  @Delete('sessions/:id')
  @Allow('account:own')
  @ApiOperation({ summary: 'End one of them at once' })
  async end(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Done<{ ended: number }>> {
    await this.keeping.end(actor, id);
    return Done.to(id === actor.sessionId ? '/' : LIST, { ended: 1 }).saying('The session is ended.');
  }

  @Post('sessions/end')
  @HttpCode(200)
  @Allow('account:own')
  @ApiOperation({ summary: 'Sign out everywhere, or everywhere else' })
  async endAll(
    @CurrentActor() actor: Actor,
    @Body() { keepThis }: EndSessionsInput,
  ): Promise<Done<{ ended: number }>> {
    const keeps = String(keepThis) === 'true';
    const ended = await this.keeping.endAll(actor, keeps);
    return keeps
      ? Done.to(LIST, { ended }).saying('Every other session is ended.')
      : Done.to('/', { ended })
          .withCookie(this.cookie.carrying(null))
          .saying('You are signed out everywhere.');
  }

  /** Asked by pages on their own, to warn before it ends; that alone does not keep it. */
  @Get('session')
  @Allow('session:own')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'When this session ends' })
  async times(@CurrentActor() actor: Actor): Promise<{ expiresAt: string; idleEndsAt: string }> {
    const { expiresAt, idleEndsAt } = await this.keeping.timesOf(actor);
    return { expiresAt: expiresAt.toISOString(), idleEndsAt: idleEndsAt.toISOString() };
  }

  @Post('refresh')
  @HttpCode(200)
  @Allow('session:own')
  @ApiOperation({ summary: 'Exchange the token of this session for a new one' })
  async refresh(@CurrentActor() actor: Actor, @Origin() { api }: RequestOrigin): Promise<Done<SessionView>> {
    const { token, ...session } = await this.keeping.refresh(actor);
    if (api) return Done.to('/', { token, ...sessionView(session) });
    return Done.to('/', sessionView(session)).withCookie(this.cookie.carrying(token));
  }

  @Get('confirm')
  @Allow('session:own')
  @ApiOperation({ summary: 'The form that asks again who it is' })
  confirmForm(@Query('next') next: unknown): Page<ConfirmPage> {
    const path = ownPath(typeof next === 'string' ? next : undefined);
    return new Page('account/confirm', 'account/_confirm', { next: path, problem: null });
  }

  @Post('confirm')
  @HttpCode(200)
  @Allow('session:own')
  @FormAgain(confirmAgain)
  @ApiOperation({ summary: 'Prove again who it is, with the password or a code; good for five minutes' })
  async confirm(
    @CurrentActor() actor: Actor,
    @Body() { next, ...proof }: ConfirmInput,
  ): Promise<Done<{ confirmed: true }>> {
    await this.confirmation.confirm(actor, proof);
    return Done.to(ownPath(next), { confirmed: true as const });
  }
}
