import type { LiveLine } from './live-event.js';
import type { LiveStream } from './live-stream.js';

const KEPT_MS = 60_000;
const KEPT_LINES = 2000;
/** Replicas whose clocks differ by less than this miss nothing; to hear a thing twice does no harm. */
const SLACK_MS = 5000;
const GAP: LiveLine = ['*', null, 'gap', '{}'];

/** What happened in the last minute, for browsers that connect again or a moment after their page was made. */
export class RecentLines {
  private lines: { readonly at: number; readonly line: LiveLine }[] = [];

  /** From `completeSince` on nothing is missing. */
  constructor(private completeSince: number) {}

  add(line: LiveLine, at: number): void {
    this.lines.push({ at, line });
    if (this.lines.length <= KEPT_LINES) return;
    this.lines = this.lines.filter((kept) => at - kept.at < KEPT_MS).slice(-KEPT_LINES / 2);
    this.completeSince = Math.max(this.completeSince, this.lines[0]?.at ?? at);
  }

  /** Something may be missing before this moment. */
  forget(now: number): void {
    this.lines = [];
    this.completeSince = now;
  }

  /** Says what happened since then, or that it is not known. */
  replay(stream: LiveStream, since: number): void {
    if (since < this.completeSince) {
      stream.event(GAP, this.completeSince);
      return;
    }
    for (const { at, line } of this.lines) {
      const [key, permission] = line;
      const concerned = key === '*' || stream.keys.includes(key);
      if (at >= since - SLACK_MS && concerned && stream.mayHear(permission)) stream.event(line, at);
    }
  }
}
