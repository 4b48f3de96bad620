import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Clock } from '../../../platform/clock/clock.js';
import { Done, Page } from '../../../platform/http/answers.js';
import { FormAgain } from '../../../platform/http/form-again.js';
import { IdPipe } from '../../../platform/http/id.pipe.js';
import { ConfirmFirst } from '../account/confirm-first.js';
import { ApiKeyInput } from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';
import {
  apiKeyAgain,
  apiKeyForm,
  apiKeyRow,
  type ApiKeyForm,
  type ApiKeysPage,
  type CreatedApiKey,
} from './api-keys.view.js';

const FORM = '/auth/api-keys/new';
const LIST = '/users/profile#api-keys';

@ApiTags('account')
@Controller('auth/api-keys')
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('account:own')
  @ApiOperation({ summary: 'The API keys of this membership' })
  async list(@CurrentActor() actor: Actor): Promise<Page<ApiKeysPage>> {
    const now = this.clock.now();
    const keys = (await this.keys.list(actor)).map((key) => apiKeyRow(key, now));
    return new Page('account/api-keys', 'account/_api-keys', { keys });
  }

  @Get('new')
  @Allow('account:own')
  @ConfirmFirst(FORM)
  @ApiOperation({ summary: 'The form that makes a key' })
  async form(@CurrentActor() actor: Actor): Promise<Page<ApiKeyForm>> {
    await this.keys.requireProof(actor);
    return new Page('account/api-key', 'account/_api-key', apiKeyForm());
  }

  @Post()
  @Allow('account:own')
  @ConfirmFirst(FORM)
  @FormAgain(apiKeyAgain)
  @ApiOperation({ summary: 'Make a key; it is answered once' })
  async create(@CurrentActor() actor: Actor, @Body() input: ApiKeyInput): Promise<Done<CreatedApiKey>> {
    const { key, row } = await this.keys.create(actor, input);
    return Done.created(LIST, { ...apiKeyRow(row, this.clock.now()), key }).showing('account/made-key');
  }

  @Delete(':id')
  @Allow('account:own')
  @ApiOperation({ summary: 'End a key at once' })
  async revoke(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<Done<{ revoked: true }>> {
    await this.keys.revoke(actor, id);
    return Done.to(LIST, { revoked: true as const }).saying('The key is revoked and works no more.');
  }
}
