import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Done, Page } from '../../../platform/http/answers.js';
import { FormAgain } from '../../../platform/http/form-again.js';
import { Origin, type RequestOrigin } from '../../../platform/http/origin.decorator.js';
import { sessionView, type SessionView } from '../auth.view.js';
import { SessionCookie } from '../session-cookie.js';
import { ChangePasswordInput, NameInput } from './account.dto.js';
import {
  nameAgain,
  namePage,
  passwordAgain,
  passwordPage,
  profileOf,
  type NamePage,
  type PasswordPage,
  type Profile,
} from './account.view.js';
import { OwnAccountService } from './own-account.service.js';
import { ProfilePages } from './profile-pages.js';

const PROFILE = '/users/profile';

@ApiTags('account')
@Controller('users/profile')
export class ProfileController {
  constructor(
    private readonly account: OwnAccountService,
    private readonly pages: ProfilePages,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  @Allow('profile:read')
  @ApiOperation({ summary: 'Who is signed in, as what, with which rights' })
  profile(@CurrentActor() actor: Actor): Page<Profile> {
    return new Page('account/profile', null, profileOf(actor)).within(async () => this.pages.of(actor));
  }

  @Get('name')
  @Allow('account:own')
  @ApiOperation({ summary: 'The form that changes one’s name' })
  nameForm(@CurrentActor() actor: Actor): Page<NamePage> {
    return new Page('account/name', 'account/_name', namePage(actor.name));
  }

  @Put()
  @Allow('account:own')
  @FormAgain(nameAgain)
  @ApiOperation({ summary: 'Change one’s name' })
  async rename(@CurrentActor() actor: Actor, @Body() { name }: NameInput): Promise<Done<Profile>> {
    await this.account.rename(actor, name);
    return Done.to(PROFILE, profileOf({ ...actor, name })).saying('Your name is changed.');
  }

  @Get('password')
  @Allow('account:own')
  @ApiOperation({ summary: 'The form that changes the password' })
  passwordForm(): Page<PasswordPage> {
    return new Page('account/password', 'account/_password', passwordPage());
  }

  /** The session that asks goes on under a new token; every other one ends. */
  @Put('password')
  @Allow('account:own')
  @FormAgain(passwordAgain)
  @ApiOperation({ summary: 'Change the password; answers a Bearer token in the place of this one' })
  async changePassword(
    @CurrentActor() actor: Actor,
    @Body() input: ChangePasswordInput,
    @Origin() { api, ...origin }: RequestOrigin,
  ): Promise<Done<SessionView>> {
    const { token, ...session } = await this.account.changePassword(actor, input, origin);
    if (api) return Done.to(PROFILE, { token, ...sessionView(session) });
    return Done.to(PROFILE, sessionView(session))
      .withCookie(this.cookie.carrying(token))
      .saying('Your password is changed, and every other session is ended.');
  }
}
