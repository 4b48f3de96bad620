import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../../platform/access/access.decorators.js';
import { Page, type Done } from '../../../platform/http/answers.js';
import { Cookies, type CookieJar } from '../../../platform/http/cookies.js';
import { Origin, type RequestOrigin } from '../../../platform/http/origin.decorator.js';
import type { SessionView } from '../auth.view.js';
import { SignInPages } from './sign-in-pages.js';
import { StepInput } from './sign-in-steps.dto.js';
import type { StepPage } from './sign-in-steps.view.js';

/** Pages between the password and the session. The API has no steps: it sends everything with POST /auth/login. */
@ApiExcludeController()
@Controller('auth/login/step')
export class SignInStepsController {
  constructor(private readonly pages: SignInPages) {}

  @Get()
  @Public()
  async show(@Cookies() jar: CookieJar): Promise<Page<StepPage>> {
    return new Page('auth/step', null, await this.pages.page(await this.pages.begun(jar)));
  }

  @Post()
  @HttpCode(200)
  @Public()
  async proceed(
    @Cookies() jar: CookieJar,
    @Body() input: StepInput,
    @Origin() origin: RequestOrigin,
  ): Promise<Done<SessionView | StepPage> | Page<StepPage>> {
    return this.pages.proceed(await this.pages.begun(jar), input, origin);
  }
}
