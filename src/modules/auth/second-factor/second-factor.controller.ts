import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Done, Page } from '../../../platform/http/answers.js';
import { CodeInput } from '../account/account.dto.js';
import { ConfirmFirst } from '../account/confirm-first.js';
import { OwnFactorService } from './own-factor.service.js';
import {
  enrolmentView,
  type EnrolmentView,
  type FactorPage,
  type RecoveryCodesView,
} from './second-factor.view.js';

const PAGE = '/auth/second-factor';
const PROFILE = '/users/profile#second-factor';

@ApiTags('account')
@Controller('auth/second-factor')
export class SecondFactorController {
  constructor(private readonly factor: OwnFactorService) {}

  /** Shows the secret only while it waits for its first code. */
  @Get()
  @Allow('account:own')
  @ConfirmFirst(PAGE)
  @ApiOperation({ summary: 'The second factor of one’s account' })
  async show(@CurrentActor() actor: Actor): Promise<Page<FactorPage>> {
    return new Page('account/second-factor', null, await this.pageOf(actor, null));
  }

  @Post()
  @HttpCode(200)
  @Allow('account:own')
  @ConfirmFirst(PAGE)
  @ApiOperation({ summary: 'Begin: answers the key for an authenticator program' })
  async begin(@CurrentActor() actor: Actor): Promise<Done<EnrolmentView>> {
    return Done.to(PAGE, enrolmentView(await this.factor.begin(actor), actor.email));
  }

  @Post('confirm')
  @HttpCode(200)
  @Allow('account:own')
  @ConfirmFirst(PAGE)
  @ApiOperation({ summary: 'Put the key to use with its first code; answers recovery codes, once' })
  async confirm(@CurrentActor() actor: Actor, @Body() { code }: CodeInput): Promise<Done<RecoveryCodesView>> {
    return shown(await this.factor.confirm(actor, code));
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @Allow('account:own')
  @ConfirmFirst(PROFILE)
  @ApiOperation({ summary: 'New recovery codes in the place of those that are left' })
  async renew(@CurrentActor() actor: Actor): Promise<Done<RecoveryCodesView>> {
    return shown(await this.factor.renewRecoveryCodes(actor));
  }

  @Delete()
  @Allow('account:own')
  @ConfirmFirst(PROFILE)
  @ApiOperation({ summary: 'Take it away' })
  async remove(@CurrentActor() actor: Actor): Promise<Done<{ removed: true }>> {
    await this.factor.remove(actor);
    return Done.to(PROFILE, { removed: true as const }).saying('The second factor is taken away.');
  }

  private async pageOf(actor: Actor, problem: string | null): Promise<FactorPage> {
    const { enabled, secret } = await this.factor.look(actor);
    const enrolment = secret === undefined ? null : enrolmentView(secret, actor.email);
    return { enabled, enrolment, problem };
  }
}

function shown(recoveryCodes: readonly string[]): Done<RecoveryCodesView> {
  return Done.to(PROFILE, { recoveryCodes, next: PROFILE }).showing('auth/recovery-codes');
}
