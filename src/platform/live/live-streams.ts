import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { Actor } from '../access/actor.js';
import { Clock } from '../clock/clock.js';
import { AppError } from '../errors/app-error.js';
import { Drain } from '../http/drain.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Signals } from '../signals/signals.js';
import { LiveStream } from './live-stream.js';
import type { LiveLine } from './live-event.js';
import { RecentLines } from './recent-lines.js';

const BEAT_MS = 20_000;
const BEATS_PER_CHECK = 3;
const MAX_STREAMS = 5000;
/** A browser needs one; several browsers may share a session's token. */
const MAX_PER_SESSION = 8;

/** Which of these sessions still last. */
export type SessionCheck = (sessionIds: readonly string[]) => Promise<ReadonlySet<string>>;

/** The open streams of this process. They end with their session, and at once when the process is told to stop. */
@Injectable()
export class LiveStreams implements OnModuleInit, BeforeApplicationShutdown {
  private readonly open = new Set<LiveStream>();
  private readonly byKey = new Map<string, Set<LiveStream>>();
  private readonly recent: RecentLines;
  private check: SessionCheck | null = null;
  private beating: NodeJS.Timeout | null = null;
  private beats = 0;

  constructor(
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly drain: Drain,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.recent = new RecentLines(clock.millis());
    drain.add({
      onStop: () => {
        this.leaveAll();
      },
    });
  }

  onModuleInit(): void {
    // Whatever was missed, the end of a session may have been among it: everybody has to sign on again.
    this.signals.onGap(() => {
      this.recent.forget(this.clock.millis());
      this.leaveAll();
    });
    this.beating = setInterval(() => {
      this.beat();
    }, BEAT_MS).unref();
  }

  beforeApplicationShutdown(): void {
    if (this.beating !== null) clearInterval(this.beating);
    this.leaveAll();
  }

  /** Registers who knows which sessions last; asked every minute, because nobody announces that time has passed. */
  checkWith(check: SessionCheck): void {
    this.check = check;
  }

  /** Opens a stream that begins with what happened since then. */
  connect(actor: Actor, since: number | null): Readable {
    this.refuseTooMany(actor);
    const stream = new LiveStream(actor);
    this.open.add(stream);
    for (const key of stream.keys) this.byKey.set(key, (this.byKey.get(key) ?? new Set()).add(stream));
    stream.once('close', () => {
      this.remove(stream);
    });
    stream.beat(this.clock.millis());
    if (since !== null) this.recent.replay(stream, since);
    return stream;
  }

  deliver(line: LiveLine): void {
    const at = this.clock.millis();
    const [key, permission] = line;
    this.recent.add(line, at);
    const streams = key === '*' ? this.open : (this.byKey.get(key) ?? []);
    for (const stream of streams) if (stream.mayHear(permission)) stream.event(line, at);
  }

  /** Ends the streams of a session, a membership or an account. */
  end(id: string): void {
    for (const stream of this.open) {
      const { sessionId, membershipId, accountId } = stream.actor;
      if ([sessionId, membershipId, accountId].includes(id)) stream.finish();
    }
  }

  get size(): number {
    return this.open.size;
  }

  private refuseTooMany({ sessionId }: Actor): void {
    const own = [...this.open].filter((stream) => stream.actor.sessionId === sessionId).length;
    if (this.drain.draining || this.open.size >= MAX_STREAMS) {
      throw new AppError('unavailable', 'no_stream', 'There is no stream to be had now.', { retryAfter: 5 });
    }
    if (own >= MAX_PER_SESSION) {
      const text = `A session has at most ${String(MAX_PER_SESSION)} streams.`;
      throw new AppError('limited', 'too_many_streams', text, { retryAfter: 30 });
    }
  }

  private remove(stream: LiveStream): void {
    this.open.delete(stream);
    for (const key of stream.keys) {
      const streams = this.byKey.get(key);
      streams?.delete(stream);
      if (streams?.size === 0) this.byKey.delete(key);
    }
  }

  private leaveAll(): void {
    for (const stream of this.open) stream.leave();
  }

  private beat(): void {
    this.beats += 1;
    for (const stream of this.open) stream.beat(this.clock.millis());
    if (this.beats % BEATS_PER_CHECK !== 0) return;
    this.endOverdue().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'The sessions of open streams could not be checked');
    });
  }

  /** Ends the streams of sessions that are over because of the time. */
  async endOverdue(): Promise<void> {
    const ids = [...new Set([...this.open].map((stream) => stream.actor.sessionId))];
    if (this.check === null || ids.length === 0) return;
    const lasting = await this.check(ids);
    for (const id of ids) if (!lasting.has(id)) this.end(id);
  }
}
