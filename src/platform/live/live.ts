import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../logging/logger.js';
import { newId } from '../persistence/ids.js';
import { Transactions } from '../persistence/transactions.js';
import { Signals } from '../signals/signals.js';
import { keyOf, type Audience, type LiveData, type LiveEvent, type LiveLine } from './live-event.js';
import { LiveStreams } from './live-streams.js';

const CHANNEL = 'live';
/** What is published within this time goes out together, the same thing once. */
const GATHER_MS = 100;
const MAX_GATHERED = 2000;
const MAX_CHUNK = 7000;
/** Tells every stream that events may have been missed. */
const EVERYTHING: LiveLine = ['*', null, 'gap', '{}'];

/**
 * Tells browsers that something changed, on every replica. Publishing is cheap and may happen a thousand times a
 * second: a replica sends one signal for all that is published in a tenth of a second.
 */
@Injectable()
export class Live implements OnModuleInit, BeforeApplicationShutdown {
  private readonly nodeId = newId();
  private readonly gathered = new Map<string, LiveLine>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly streams: LiveStreams,
    private readonly signals: Signals,
    private readonly transactions: Transactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.signals.on(CHANNEL, (payload) => {
      const { from, lines } = JSON.parse(payload) as { from: string; lines: LiveLine[] };
      if (from !== this.nodeId) for (const line of lines) this.streams.deliver(line);
    });
  }

  beforeApplicationShutdown(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Once the open transaction has committed, or now when there is none; not at all when it is rolled back. */
  publish<D extends LiveData>(audience: Audience, event: LiveEvent<D>, data: D): void {
    const permission = 'permission' in audience ? audience.permission : undefined;
    const line: LiveLine = [keyOf(audience), permission ?? null, event.name, event.encode(data)];
    this.transactions.afterCommit(() => {
      this.gather(line);
    });
  }

  private gather(line: LiveLine): void {
    if (this.gathered.size < MAX_GATHERED) this.gathered.set(line.join('\n'), line);
    else this.gathered.clear();
    if (this.gathered.size === 0) this.gathered.set('*', EVERYTHING);
    this.timer ??= setTimeout(() => {
      this.flush();
    }, GATHER_MS);
  }

  private flush(): void {
    this.timer = null;
    const lines = [...this.gathered.values()];
    this.gathered.clear();
    for (const line of lines) this.streams.deliver(line);
    this.send(lines).catch((error: unknown) => {
      // Whoever was not reached finds out when the connection for signals is back: all streams begin anew then.
      this.logger.warn({ err: error }, 'Events could not be sent to the other replicas');
    });
  }

  private async send(lines: readonly LiveLine[]): Promise<void> {
    for (const chunk of chunksOf(lines)) {
      await this.signals.publish(CHANNEL, JSON.stringify({ from: this.nodeId, lines: chunk }));
    }
  }
}

function chunksOf(lines: readonly LiveLine[]): LiveLine[][] {
  const chunks: LiveLine[][] = [];
  let size = Infinity;
  for (const line of lines) {
    const length = Buffer.byteLength(JSON.stringify(line)) + 1;
    if (size + length > MAX_CHUNK) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(line);
    size += length;
  }
  return chunks;
}
