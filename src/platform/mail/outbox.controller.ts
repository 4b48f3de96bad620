import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CurrentActor, Public } from '../access/access.decorators.js';
import type { Actor } from '../access/actor.js';
import { CONFIG, type Config } from '../config/config.js';
import { notFound } from '../errors/app-error.js';
import { Page } from '../http/answers.js';
import { IdPipe } from '../http/id.pipe.js';
import { Outbox, type Letter } from './outbox.js';
import { letterPage, outboxPage, type LetterPage, type OutboxPage } from './outbox.view.js';

/** Mails hold links that open accounts: only development and super admins may read them here. */
@ApiExcludeController()
@Controller('mail')
export class OutboxController {
  constructor(
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Public()
  async list(@CurrentActor() actor: Actor | undefined): Promise<Page<OutboxPage>> {
    this.refuseOthers(actor);
    return new Page('mail/index', null, outboxPage(await this.outbox.list()));
  }

  @Get(':id')
  @Public()
  async show(
    @CurrentActor() actor: Actor | undefined,
    @Param('id', IdPipe) id: string,
  ): Promise<Page<LetterPage>> {
    return new Page('mail/show', null, letterPage(await this.letter(actor, id)));
  }

  /** The mail as a mail program shows it, without scripts and without this site's rights. */
  @Get(':id/html')
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  @Header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-top-navigation-by-user-activation",
  )
  async html(@CurrentActor() actor: Actor | undefined, @Param('id', IdPipe) id: string): Promise<string> {
    return (await this.letter(actor, id)).html;
  }

  private async letter(actor: Actor | undefined, id: string): Promise<Letter> {
    this.refuseOthers(actor);
    const letter = await this.outbox.find(id);
    if (letter === undefined) throw notFound('mail');
    return letter;
  }

  private refuseOthers(actor: Actor | undefined): void {
    const may =
      this.config.environment === 'development' || actor?.permissions.has('platform:operate') === true;
    if (!may || !this.outbox.inUse) throw notFound('page');
  }
}
