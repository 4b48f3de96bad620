import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import { Done, Page } from '../../platform/http/answers.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { DatabaseCreationService } from './database-creation.service.js';
import { DatabaseLifecycleService } from './database-lifecycle.service.js';
import { DatabasePages } from './database-pages.js';
import { CloneInput, DeleteInput, SettingsInput } from './databases.dto.js';
import type { DatabaseCredentials, DatabaseRow } from './databases.view.js';

/** Everything that is done to one database. */
@ApiTags('databases')
@Controller('databases/:id')
export class DatabaseActsController {
  constructor(
    private readonly lifecycle: DatabaseLifecycleService,
    private readonly creation: DatabaseCreationService,
    private readonly pages: DatabasePages,
  ) {}

  @Get('row')
  @Allow('databases:read')
  @ApiOperation({ summary: 'One line of the list' })
  async row(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Page<DatabaseRow>> {
    return new Page('databases/row', 'databases/_row', await this.pages.row(actor, id));
  }

  @Post('start')
  @HttpCode(200)
  @Allow('databases:operate')
  @ApiOperation({ summary: 'Start a stopped database' })
  async start(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Done<DatabaseRow>> {
    await this.lifecycle.start(actor, id);
    return this.changed(actor, id, 'It runs.');
  }

  @Post('stop')
  @HttpCode(200)
  @Allow('databases:operate')
  @ApiOperation({ summary: 'Close its connections and refuse new ones; its data stays' })
  async stop(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Done<DatabaseRow>> {
    await this.lifecycle.stop(actor, id);
    return this.changed(actor, id, 'It is stopped; its data stays.');
  }

  @Post('reset')
  @HttpCode(200)
  @Allow('databases:delete')
  @ApiOperation({ summary: 'Make it anew from its template; everything in it is lost' })
  async reset(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Done<DatabaseRow>> {
    await this.lifecycle.reset(actor, id);
    return this.changed(actor, id, 'It is as its template again.');
  }

  @Post('retry')
  @HttpCode(200)
  @Allow('databases:operate')
  @ApiOperation({ summary: 'Try again what failed' })
  async retry(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Done<DatabaseRow>> {
    await this.creation.retry(actor, id);
    return this.changed(actor, id, 'It runs.');
  }

  @Delete()
  @Allow('databases:delete')
  @ApiOperation({ summary: 'Delete it; it can be restored for 30 days' })
  async remove(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() { confirm }: DeleteInput,
  ): Promise<Done<DatabaseRow>> {
    const record = await this.lifecycle.remove(actor, id, confirm);
    const row = await this.pages.lastRow(actor, record);
    const rest = record.purgeAt === null ? '' : ' It can be restored for 30 days.';
    return Done.to('/databases', row).saying(`${row.name} is deleted.${rest}`);
  }

  @Post('restore')
  @HttpCode(200)
  @Allow('databases:delete')
  @ApiOperation({ summary: 'Bring a deleted database back' })
  async restore(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<Done<DatabaseRow>> {
    await this.creation.restore(actor, id);
    return this.changed(actor, id, 'It is back.');
  }

  @Post('clone')
  @Allow('databases:create')
  @ApiOperation({ summary: 'Copy it; whoever is connected to it is cut off for that' })
  async clone(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() { name }: CloneInput,
  ): Promise<Done<DatabaseCredentials>> {
    const record = await this.creation.clone(actor, id, name);
    const credentials = await this.pages.credentials(record);
    return Done.created(`/databases/${record.id}`, credentials).showing(
      'databases/credentials',
      'databases/_credentials',
    );
  }

  @Post('rotate')
  @HttpCode(200)
  @Allow('databases:operate')
  @ApiOperation({ summary: 'New passwords; the only answer with the new one' })
  async rotate(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<Done<DatabaseCredentials>> {
    const credentials = await this.pages.credentials(await this.creation.rotate(actor, id));
    return Done.to(`/databases/${id}`, credentials).showing(
      'databases/credentials',
      'databases/_credentials',
    );
  }

  @Put()
  @Allow('databases:operate')
  @ApiOperation({ summary: 'Change auto-stop and protection' })
  async configure(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() settings: SettingsInput,
  ): Promise<Done<DatabaseRow>> {
    await this.creation.configure(actor, id, settings);
    return this.changed(actor, id, 'The settings are saved.');
  }

  private async changed(actor: Actor, id: string, sentence: string): Promise<Done<DatabaseRow>> {
    return Done.swap(`/databases/${id}`, 'databases/_row', await this.pages.row(actor, id)).saying(sentence);
  }
}
