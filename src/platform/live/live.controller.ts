import { Controller, Get, Header, Headers, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Readable } from 'node:stream';
import { Allow, CurrentActor } from '../access/access.decorators.js';
import type { Actor } from '../access/actor.js';
import { AppError } from '../errors/app-error.js';
import { LiveQuery } from './live.dto.js';
import { LiveStreams } from './live-streams.js';

const EVENT_STREAM = 'text/event-stream';

@ApiTags('live')
@Controller('live')
export class LiveController {
  constructor(private readonly streams: LiveStreams) {}

  @Get()
  @Allow('session:own')
  @Header('content-type', `${EVENT_STREAM}; charset=utf-8`)
  @Header('cache-control', 'no-store')
  @Header('x-accel-buffering', 'no')
  @ApiOperation({ summary: 'What changes, as server-sent events' })
  open(
    @CurrentActor() actor: Actor,
    @Query() { since }: LiveQuery,
    @Headers('accept') accept: string | undefined,
  ): Readable {
    if (accept?.includes(EVENT_STREAM) !== true) {
      throw new AppError('invalid', 'stream_only', `This is a stream: ask for ${EVENT_STREAM}.`);
    }
    return this.streams.connect(actor, since ?? null);
  }
}
