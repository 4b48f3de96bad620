import { Injectable } from '@nestjs/common';

/** Ends what would keep requests open: event streams at once, statements when the time to drain is over. */
export interface Drainable {
  /** Called as soon as the process is told to stop; must not block. */
  onStop?(): void;
  /** Called when requests are still in flight after the time to drain. */
  onDeadline?(): Promise<void>;
}

/** Counts requests in flight and carries the news that the process is about to stop. */
@Injectable()
export class Drain {
  private readonly parts: Drainable[] = [];
  private inFlight = 0;
  private stopping = false;
  private idle: (() => void) | null = null;

  add(part: Drainable): void {
    this.parts.push(part);
  }

  get draining(): boolean {
    return this.stopping;
  }

  entered(): void {
    this.inFlight += 1;
  }

  left(): void {
    this.inFlight -= 1;
    if (this.inFlight === 0) this.idle?.();
  }

  /** Resolves when no request is in flight any more, at the latest after `drainMs` and the deadline's own work. */
  async run(drainMs: number): Promise<void> {
    this.stopping = true;
    for (const part of this.parts) part.onStop?.();
    if (await this.settled(drainMs)) return;
    await Promise.allSettled(this.parts.map(async (part) => part.onDeadline?.()));
    await this.settled(500);
  }

  private async settled(ms: number): Promise<boolean> {
    if (this.inFlight === 0) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve(false);
      }, ms);
      this.idle = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
