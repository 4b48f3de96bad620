import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Done, Page } from '../../../platform/http/answers.js';
import { IdPipe } from '../../../platform/http/id.pipe.js';
import { ConnectionPages } from './connection-pages.js';
import {
  ChangeConnectionInput,
  CheckConnectionInput,
  ConnectionTabQuery,
  NewConnectionQuery,
  RegisterConnectionInput,
  RemoveConnectionInput,
} from './connections.dto.js';
import { ConnectionsService, type CheckedConnection } from './connections.service.js';
import {
  connectionCheck,
  type ConnectionCheck,
  type ConnectionPage,
  type ConnectionRow,
  type ConnectionsPage,
  type NewConnectionPage,
} from './connections.view.js';

@ApiTags('connections')
@Controller('connections')
export class ConnectionsController {
  constructor(
    private readonly pages: ConnectionPages,
    private readonly connections: ConnectionsService,
  ) {}

  @Get()
  @Allow('databases:read')
  @ApiOperation({ summary: 'The registered databases you can see' })
  async list(@CurrentActor() actor: Actor): Promise<Page<ConnectionsPage>> {
    return new Page('connections/index', null, await this.pages.list(actor));
  }

  @Get('new')
  @Allow('connections:manage')
  @ApiOperation({ summary: 'The form for registering a database' })
  draft(@Query() { engine }: NewConnectionQuery): Page<NewConnectionPage> {
    return new Page('connections/new', null, this.pages.draft(engine));
  }

  @Post()
  @Allow('connections:manage')
  @ApiOperation({ summary: 'Register a database, once its connection works' })
  async register(
    @CurrentActor() actor: Actor,
    @Body() input: RegisterConnectionInput,
  ): Promise<Done<ConnectionRow>> {
    const { id } = await this.connections.register(actor, input);
    const row = await this.pages.row(actor, id);
    return Done.created(`/connections/${id}`, row).saying(`${row.name} is registered.`);
  }

  @Post('test')
  @HttpCode(200)
  @Allow('connections:manage')
  @ApiOperation({ summary: 'Try a connection without keeping anything; says which step failed' })
  async check(
    @CurrentActor() actor: Actor,
    @Body() input: CheckConnectionInput,
  ): Promise<Page<ConnectionCheck>> {
    return checkPage(await this.connections.checkDraft(actor, input.engine, input));
  }

  @Get(':id')
  @Allow('databases:read')
  @ApiOperation({ summary: 'One registered database' })
  async show(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Query() { tab = 'overview' }: ConnectionTabQuery,
  ): Promise<Page<ConnectionPage>> {
    return new Page('connections/show', null, await this.pages.show(actor, id, tab));
  }

  @Put(':id')
  @Allow('connections:manage')
  @ApiOperation({ summary: 'Change it; a changed server needs its passwords again' })
  async change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() changes: ChangeConnectionInput,
  ): Promise<Done<ConnectionRow>> {
    await this.connections.change(actor, id, changes);
    return Done.to(`/connections/${id}`, await this.pages.row(actor, id)).saying('The changes are saved.');
  }

  @Post(':id/test')
  @HttpCode(200)
  @Allow('connections:manage')
  @ApiOperation({ summary: 'Try it, also with changes that are not saved; says which step failed' })
  async checkStored(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() changes: ChangeConnectionInput,
  ): Promise<Page<ConnectionCheck>> {
    return checkPage(await this.connections.checkStored(actor, id, changes));
  }

  @Delete(':id')
  @Allow('connections:manage')
  @ApiOperation({ summary: 'Forget it with its logins; the server is left as it is' })
  async remove(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() { confirm }: RemoveConnectionInput,
  ): Promise<Done<ConnectionRow>> {
    const row = await this.pages.lastRow(actor, await this.connections.remove(actor, id, confirm));
    return Done.to('/databases', row).saying(`${row.name} is not registered any more.`);
  }
}

function checkPage({ result, connection }: CheckedConnection): Page<ConnectionCheck> {
  const model = connectionCheck(result, connection);
  return new Page('connections/check', 'connections/_check', model);
}
