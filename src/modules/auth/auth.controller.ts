import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor, Public } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import { Done, Page } from '../../platform/http/answers.js';
import { FormAgain } from '../../platform/http/form-again.js';
import { Origin, type RequestOrigin } from '../../platform/http/origin.decorator.js';
import { SignInInput, SwitchInput } from './auth.dto.js';
import { signInPage, type SignInPage } from './auth.types.js';
import { sessionView, signInAgain, type SessionView } from './auth.view.js';
import { SignInService } from './sign-in.service.js';
import { SessionCookie } from './session-cookie.js';
import { SignInPages } from './steps/sign-in-pages.js';
import type { StepPage } from './steps/sign-in-steps.view.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIn: SignInService,
    private readonly pages: SignInPages,
    private readonly cookie: SessionCookie,
  ) {}

  @Get('login')
  @Public()
  @ApiOperation({ summary: 'The sign-in form' })
  form(@Query('next') next?: string): Page<SignInPage> {
    return new Page('auth/sign-in', 'auth/_sign-in', signInPage(next));
  }

  /** The token is in a body only under /api/v1; pages get it in a cookie that no script can read. */
  @Post('login')
  @HttpCode(200)
  @Public()
  @FormAgain(signInAgain)
  @ApiOperation({ summary: 'Sign in; answers a Bearer token' })
  async login(
    @Body() input: SignInInput,
    @Origin() { api, ...from }: RequestOrigin,
  ): Promise<Done<SessionView | StepPage>> {
    if (api) {
      const { token, ...session } = await this.signIn.signIn(input, from);
      return Done.to('/', { token, ...sessionView(session) });
    }
    return this.pages.enter(async () => this.signIn.signIn(input, from), input.next);
  }

  @Post('switch')
  @HttpCode(200)
  @Allow('session:own')
  @ApiOperation({ summary: 'Go on in another organisation; answers a Bearer token' })
  async switchTenant(
    @CurrentActor() actor: Actor,
    @Body() { tenantId }: SwitchInput,
    @Origin() { api, ...from }: RequestOrigin,
  ): Promise<Done<SessionView>> {
    const { token, ...session } = await this.signIn.switchTenant(actor, tenantId, from);
    if (api) return Done.to('/', { token, ...sessionView(session) });
    return Done.to('/', sessionView(session)).withCookie(this.cookie.carrying(token));
  }

  @Post('logout')
  @HttpCode(200)
  @Allow('session:own')
  @ApiOperation({ summary: 'End this session' })
  async logout(@CurrentActor() actor: Actor): Promise<Done<{ ended: true }>> {
    await this.signIn.signOut(actor);
    return Done.to('/', { ended: true as const })
      .withCookie(this.cookie.carrying(null))
      .withCookie(this.pages.forget)
      .withHeader('clear-site-data', '"cache"');
  }
}
