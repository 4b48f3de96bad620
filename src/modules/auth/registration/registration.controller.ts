import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../platform/access/access.decorators.js';
import { Done, Page } from '../../../platform/http/answers.js';
import { FormAgain } from '../../../platform/http/form-again.js';
import { Origin, type RequestOrigin } from '../../../platform/http/origin.decorator.js';
import type { SessionView } from '../auth.view.js';
import { SignInPages, STEP_ADDRESS } from '../steps/sign-in-pages.js';
import { SignInStepsService } from '../steps/sign-in-steps.service.js';
import type { StepPage } from '../steps/sign-in-steps.view.js';
import { StepTokens } from '../steps/step-tokens.js';
import { RegisterInput } from './registration.dto.js';
import { RegistrationService } from './registration.service.js';
import { registerAgain, registerPage, type RegisteredView, type RegisterPage } from './registration.view.js';

@ApiTags('auth')
@Controller('auth/register')
export class RegistrationController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly steps: SignInStepsService,
    private readonly tokens: StepTokens,
    private readonly pages: SignInPages,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'The form that makes an account' })
  form(): Page<RegisterPage> {
    return new Page('auth/register', 'auth/_register', registerPage(undefined, ''));
  }

  @Post()
  @HttpCode(201)
  @Public()
  @FormAgain(registerAgain)
  @ApiOperation({ summary: 'Make an account; a mail then asks to verify the address' })
  async register(
    @Body() { invitation, ...registration }: RegisterInput,
    @Origin() { api, ...origin }: RequestOrigin,
  ): Promise<Done<RegisteredView | SessionView | StepPage>> {
    const { email } = registration;
    if (invitation === undefined) {
      const account = await this.registration.register(registration, origin);
      const model = { status: 'verification_required', email } as const;
      return Done.created(STEP_ADDRESS, model).withCookie(this.tokens.registered(email, account));
    }
    const account = await this.registration.registerInvited(registration, invitation, origin);
    if (api) return Done.created('/', { status: 'registered', email } as const);
    return this.pages.enter(async () => this.steps.proceed({ account }, origin), '/');
  }
}
