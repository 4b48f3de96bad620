import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../platform/access/access.decorators.js';
import { Done, Page } from '../../../platform/http/answers.js';
import { Cookies, type CookieJar } from '../../../platform/http/cookies.js';
import { Origin, type RequestOrigin } from '../../../platform/http/origin.decorator.js';
import { LinkCookies } from '../links/link-cookies.js';
import { STEP_ADDRESS } from '../steps/sign-in-pages.js';
import { StepTokens } from '../steps/step-tokens.js';
import { ResendInput, VerifyInput } from './registration.dto.js';
import type { VerifyPage } from './registration.view.js';
import { VerificationService } from './verification.service.js';

const ADDRESS = '/auth/verify';

@ApiTags('auth')
@Controller('auth/verify')
export class VerificationController {
  constructor(
    private readonly verification: VerificationService,
    private readonly links: LinkCookies,
    private readonly tokens: StepTokens,
  ) {}

  /** Opening the link does nothing yet: programs that look into mails open it too. */
  @Get()
  @Public()
  @ApiOperation({ summary: 'Where the mailed link leads' })
  async show(
    @Query('token') token: unknown,
    @Cookies() jar: CookieJar,
  ): Promise<Page<VerifyPage> | Done<{ address: string }>> {
    if (typeof token === 'string') return this.links.arrive('verify', token, ADDRESS);
    const email = await this.verification.findEmail(this.links.read(jar, 'verify') ?? '');
    return new Page('auth/verify', null, { email: email ?? null });
  }

  @Post()
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Say that the mailbox is one’s own' })
  async verify(
    @Body() input: VerifyInput,
    @Cookies() jar: CookieJar,
    @Origin() { api, ...origin }: RequestOrigin,
  ): Promise<Done<{ verified: true; email: string }>> {
    const token = input.token ?? (api ? '' : (this.links.read(jar, 'verify') ?? ''));
    const { id, email } = await this.verification.verify(token, origin);
    // Whoever registered in this browser goes straight on; elsewhere they sign in.
    const begun = await this.tokens.read(jar);
    const address = begun?.progress?.account.id === id ? STEP_ADDRESS : '/';
    return Done.to(address, { verified: true as const, email })
      .withCookie(this.links.forget('verify'))
      .saying('Your address is verified.');
  }

  @Post('resend')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Have the mail sent again; the answer is the same for every address' })
  async resend(
    @Body() input: ResendInput,
    @Cookies() jar: CookieJar,
    @Origin() { api, ...origin }: RequestOrigin,
  ): Promise<Done<{ sent: true }>> {
    const email = input.email ?? (api ? undefined : (await this.tokens.read(jar))?.email) ?? '';
    await this.verification.resend(email, origin);
    return Done.to(STEP_ADDRESS, { sent: true as const }).saying('The mail is on its way again.');
  }
}
