import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor, Public } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Done, Page } from '../../../platform/http/answers.js';
import { Cookies, type CookieJar } from '../../../platform/http/cookies.js';
import { FormAgain } from '../../../platform/http/form-again.js';
import { Origin, type RequestOrigin } from '../../../platform/http/origin.decorator.js';
import { LinkCookies } from '../links/link-cookies.js';
import { ForgotInput, ResetInput } from './recovery.dto.js';
import { RecoveryService } from './recovery.service.js';
import {
  forgotAgain,
  forgotPage,
  resetAgain,
  resetPage,
  type ForgotPage,
  type ResetPage,
} from './recovery.view.js';

const ADDRESS = '/auth/reset';

@ApiTags('auth')
@Controller('auth')
export class RecoveryController {
  constructor(
    private readonly recovery: RecoveryService,
    private readonly links: LinkCookies,
  ) {}

  @Get('forgot')
  @Public()
  @ApiOperation({ summary: 'The form that has a link sent' })
  form(): Page<ForgotPage> {
    return new Page('auth/forgot', 'auth/_forgot', forgotPage(''));
  }

  @Post('forgot')
  @HttpCode(200)
  @Public()
  @FormAgain(forgotAgain)
  @ApiOperation({
    summary: 'Have a link sent to set a new password; the answer is the same for every address',
  })
  async forget(@Body() { email }: ForgotInput, @Origin() origin: RequestOrigin): Promise<Page<ForgotPage>> {
    await this.recovery.forget(email, origin);
    return new Page('auth/forgot', 'auth/_forgot', { ...forgotPage(email), sent: true });
  }

  @Get('reset')
  @Public()
  @ApiOperation({ summary: 'Where the mailed link leads' })
  async show(
    @Query('token') token: unknown,
    @Cookies() jar: CookieJar,
  ): Promise<Page<ResetPage> | Done<{ address: string }>> {
    if (typeof token === 'string') return this.links.arrive('reset', token, ADDRESS);
    const account = await this.recovery.find(this.links.read(jar, 'reset') ?? '');
    return new Page('auth/reset', 'auth/_reset', resetPage(account?.email));
  }

  @Post('reset')
  @HttpCode(200)
  @Public()
  @FormAgain(resetAgain)
  @ApiOperation({ summary: 'Set a new password with the token of a link; ends every session' })
  async reset(
    @Body() { token, password }: ResetInput,
    @Cookies() jar: CookieJar,
    @Origin() { api, ...origin }: RequestOrigin,
  ): Promise<Done<{ changed: true }>> {
    const used = token ?? (api ? '' : (this.links.read(jar, 'reset') ?? ''));
    await this.recovery.reset(used, password, origin);
    return Done.to('/', { changed: true as const })
      .withCookie(this.links.forget('reset'))
      .saying('Your password is changed. Sign in with the new one.');
  }

  @Post('forced-resets')
  @HttpCode(200)
  @Allow('platform:operate')
  @ApiOperation({ summary: 'Take an account’s password away; its owner sets another by a mailed link' })
  async force(@CurrentActor() actor: Actor, @Body() { email }: ForgotInput): Promise<Done<{ forced: true }>> {
    await this.recovery.force(actor, email);
    return Done.to('/', { forced: true as const }).saying(`${email} has to set a new password.`);
  }
}
