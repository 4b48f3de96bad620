import { Controller, Get, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../../platform/access/access.decorators.js';
import { Page, type Done } from '../../../platform/http/answers.js';
import { Cookies, type CookieJar } from '../../../platform/http/cookies.js';
import { InvitationsService } from '../../users/invitations/invitations.service.js';
import { UsersService } from '../../users/users.service.js';
import { signInPage, type SignInPage } from '../auth.types.js';
import { LinkCookies } from '../links/link-cookies.js';
import { invitationPage, registerPage, type InvitationPage, type RegisterPage } from './registration.view.js';

const ADDRESS = '/auth/invitation';

/** Where the link of an invitation leads: to the sign-in for those who have an account, else to the registration. */
@ApiExcludeController()
@Controller('auth/invitation')
export class InvitationController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly users: UsersService,
    private readonly links: LinkCookies,
  ) {}

  @Get()
  @Public()
  async show(
    @Query('token') given: unknown,
    @Cookies() jar: CookieJar,
  ): Promise<Page<RegisterPage | SignInPage | InvitationPage> | Done<{ address: string }>> {
    if (typeof given === 'string') return this.links.arrive('invitation', given, ADDRESS);
    const token = this.links.read(jar, 'invitation') ?? '';
    const invitation = await this.invitations.peek(token);
    if (invitation === undefined) return new Page('auth/invitation', null, invitationPage());
    const { email, tenantName } = invitation;
    if ((await this.users.findAccount(email)) === undefined)
      return new Page<RegisterPage>('auth/register', 'auth/_register', registerPage(invitation, token));
    const model = { ...signInPage('/'), email, invitation: token, invitedTo: tenantName };
    return new Page<SignInPage>('auth/sign-in', 'auth/_sign-in', model);
  }
}
