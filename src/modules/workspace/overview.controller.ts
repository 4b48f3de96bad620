import { Controller, Get, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, CurrentActor, Public } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import { Page } from '../../platform/http/answers.js';
import { signInPage, type SignInPage } from '../auth/auth.types.js';
import { OverviewPages } from './overview-pages.js';
import type { OverviewPage } from './workspace.view.js';

@ApiExcludeController()
@Controller()
export class OverviewController {
  constructor(private readonly overview: OverviewPages) {}

  /** Who is not signed in gets the form here. */
  @Get()
  @Public()
  async show(
    @CurrentActor() actor: Actor | undefined,
    @Query('next') next: unknown,
  ): Promise<Page<OverviewPage | SignInPage>> {
    if (actor !== undefined) {
      return new Page<OverviewPage | SignInPage>('overview/index', null, await this.overview.of(actor));
    }
    const model = signInPage(typeof next === 'string' ? next : undefined);
    return new Page<OverviewPage | SignInPage>('auth/sign-in', 'auth/_sign-in', model);
  }

  /** Where signing in leads when somebody was in the middle of something in another tab. */
  @Get('signed-in')
  @Allow('session:own')
  signedIn(): Page<object> {
    return new Page('workspace/signed-in', null, {});
  }
}
