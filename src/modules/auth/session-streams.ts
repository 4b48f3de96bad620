import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { LiveStreams } from '../../platform/live/live-streams.js';
import { Signals } from '../../platform/signals/signals.js';
import { SESSION_CHANNEL } from './session-cache.js';
import { SessionsRepository } from './sessions.repository.js';

/** The last use of a session is stored a little later, by the replica that saw it. */
const STORED_LATER_MS = 30_000;

/** Ends the event streams of sessions: at once when a session is ended, within a minute when its time is over. */
@Injectable()
export class SessionStreams implements OnModuleInit {
  private readonly idleMs: number;

  constructor(
    private readonly streams: LiveStreams,
    private readonly signals: Signals,
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
    @Inject(CONFIG) config: Config,
  ) {
    this.idleMs = config.auth.idleMinutes * 60_000;
  }

  onModuleInit(): void {
    this.signals.on(SESSION_CHANNEL, (id) => {
      this.streams.end(id);
    });
    this.streams.checkWith(async (ids) => {
      const now = this.clock.now();
      const usedSince = new Date(now.getTime() - this.idleMs - STORED_LATER_MS);
      return new Set(await this.sessions.lasting(ids, now, usedSince));
    });
  }
}
