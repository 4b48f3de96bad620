import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Done, Page } from '../../platform/http/answers.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Origin, type RequestOrigin } from '../../platform/http/origin.decorator.js';
import { DatabaseCreationService } from './database-creation.service.js';
import { DatabasePages } from './database-pages.js';
import { acceptDraft, CreateDatabaseInput, DraftQuery, TabQuery } from './databases.dto.js';
import type {
  DatabaseConfirmPage,
  DatabaseCredentials,
  DatabaseFormPage,
  DatabasePage,
  DatabasesPage,
} from './databases.view.js';

@ApiTags('databases')
@Controller('databases')
export class DatabasesController {
  constructor(
    private readonly pages: DatabasePages,
    private readonly creation: DatabaseCreationService,
  ) {}

  @Get()
  @Allow('databases:read')
  @ApiOperation({ summary: 'The databases you can see' })
  async list(@CurrentActor() actor: Actor): Promise<Page<DatabasesPage>> {
    return new Page('databases/index', 'databases/_list', await this.pages.list(actor));
  }

  @Get('new')
  @Allow('databases:create')
  @ApiOperation({ summary: 'The form for a new database' })
  async draft(@CurrentActor() actor: Actor, @Query() draft: DraftQuery): Promise<Page<DatabaseFormPage>> {
    return new Page('databases/new', 'databases/_form', await this.pages.form(actor, draft));
  }

  /** Refuses what creating would refuse; a browser gets its form back with what was typed. */
  @Get('confirm')
  @Allow('databases:create')
  @ApiOperation({ summary: 'What a new database takes from the quota' })
  async confirm(
    @CurrentActor() actor: Actor,
    @Query() draft: DraftQuery,
    @Origin() { api }: RequestOrigin,
  ): Promise<Page<DatabaseConfirmPage> | Page<DatabaseFormPage>> {
    try {
      const wanted = await acceptDraft(draft);
      return new Page('databases/confirm', null, await this.pages.confirm(actor, wanted));
    } catch (error) {
      if (api || !(error instanceof AppError)) throw error;
      const form = await this.pages.form(actor, draft, error.fields);
      return new Page('databases/new', 'databases/_form', form, error.status);
    }
  }

  @Post()
  @Allow('databases:create')
  @ApiOperation({ summary: 'Create a database; the only answer with its password' })
  async create(
    @CurrentActor() actor: Actor,
    @Body() input: CreateDatabaseInput,
  ): Promise<Done<DatabaseCredentials>> {
    const record = await this.creation.create(actor, input);
    const credentials = await this.pages.credentials(record);
    return Done.created(`/databases/${record.id}`, credentials).showing(
      'databases/credentials',
      'databases/_credentials',
    );
  }

  @Get(':id')
  @Allow('databases:read')
  @ApiOperation({ summary: 'One database' })
  async show(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Query() { tab = 'overview' }: TabQuery,
  ): Promise<Page<DatabasePage>> {
    return new Page('databases/show', 'databases/_show', await this.pages.show(actor, id, tab));
  }
}
