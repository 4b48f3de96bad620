import { Readable } from 'node:stream';
import type { Actor } from '../access/actor.js';
import type { Permission } from '../access/permissions.js';
import { keyOf, type LiveLine } from './live-event.js';

/** Bytes that may wait for a reader; whoever is slower than this asks again from the beginning. */
const MAX_WAITING = 65_536;
const LEAVE_MS = 500;

/** One browser's stream of server-sent events. */
export class LiveStream extends Readable {
  readonly keys: readonly string[];
  private leaving = false;

  constructor(readonly actor: Actor) {
    super({ highWaterMark: MAX_WAITING });
    const { tenantId, membershipId, accountId, podIds } = actor;
    this.keys = [
      keyOf({ tenantId }),
      keyOf({ membershipId }),
      keyOf({ accountId }),
      ...podIds.map((podId) => keyOf({ podId })),
    ];
  }

  // What there is to read is pushed when it happens.
  override _read(): void {
    return;
  }

  /** Whether an event that takes a permission is for this person. */
  mayHear(permission: string | null): boolean {
    return permission === null || this.actor.permissions.has(permission as Permission);
  }

  /** The time is where the browser goes on from after an interruption. */
  event([, , name, data]: LiveLine, at: number): void {
    this.write(`event: ${name}\ndata: ${data}\nid: ${String(at)}\n\n`);
  }

  beat(at: number): void {
    this.write(`id: ${String(at)}\n\n`);
  }

  /** The last word of a session. The browser does not come back by itself after it. */
  finish(): void {
    this.write('event: end\ndata: {}\n\n');
    this.leave();
  }

  /** Ends without a word: the browser connects again. One that does not read what is left is cut off. */
  leave(): void {
    if (this.destroyed || this.leaving) return;
    this.leaving = true;
    this.push(null);
    setTimeout(() => this.destroy(), LEAVE_MS).unref();
  }

  private write(text: string): void {
    if (this.destroyed || this.leaving) return;
    if (this.readableLength + text.length > MAX_WAITING) this.destroy();
    else this.push(text);
  }
}
