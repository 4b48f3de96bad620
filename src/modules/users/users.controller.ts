import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import { Page } from '../../platform/http/answers.js';
import { profileOf, type Profile } from './users.view.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  @Get('profile')
  @Allow('session:own')
  @ApiOperation({ summary: 'Who is signed in, as what, with which rights' })
  profile(@CurrentActor() actor: Actor): Page<Profile> {
    return new Page('users/profile', null, profileOf(actor));
  }
}
