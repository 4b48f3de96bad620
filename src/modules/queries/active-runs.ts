import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Drain, type Drainable } from '../../platform/http/drain.js';
import { Signals } from '../../platform/signals/signals.js';

export type EndReason = 'cancelled' | 'interrupted';

const CHANNEL = 'cancel-run';

/** A run that is under way in this process. */
export interface ActiveRun {
  readonly signal: AbortSignal;
  /** Why it was ended; null while nobody has. */
  readonly endedBy: EndReason | null;
}

interface Entry extends ActiveRun {
  readonly abort: AbortController;
  endedBy: EndReason | null;
  readonly done: Promise<void>;
}

/** What runs in this process, so that it can be cancelled from any replica and ends with the process. */
@Injectable()
export class ActiveRuns implements OnModuleInit, Drainable {
  private readonly runs = new Map<string, Entry>();

  constructor(
    private readonly signals: Signals,
    drain: Drain,
  ) {
    drain.add(this);
  }

  onModuleInit(): void {
    this.signals.on(CHANNEL, (id) => {
      this.end(id, 'cancelled');
    });
  }

  /**
   * Does `work` with a signal that is aborted when somebody cancels the run, or when `gone` says that whoever waits for
   * it has left.
   */
  async during<T>(id: string, gone: AbortSignal, work: (run: ActiveRun) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    let resolve = (): void => undefined;
    const done = new Promise<void>((settle) => {
      resolve = settle;
    });
    const entry = { signal: abort.signal, abort, endedBy: null as EndReason | null, done };
    this.runs.set(id, entry);
    const leave = (): void => {
      this.end(id, 'cancelled');
    };
    if (gone.aborted) leave();
    else gone.addEventListener('abort', leave, { once: true });
    try {
      return await work(entry);
    } finally {
      gone.removeEventListener('abort', leave);
      this.runs.delete(id);
      resolve();
    }
  }

  /** Cancels here, or asks the replica that has it. */
  async cancel(id: string): Promise<void> {
    if (!this.end(id, 'cancelled')) await this.signals.publish(CHANNEL, id);
  }

  /** The time to drain is over: what still runs is ended on its server. */
  async onDeadline(): Promise<void> {
    const under = [...this.runs.entries()];
    for (const [id] of under) this.end(id, 'interrupted');
    await Promise.all(under.map(async ([, { done }]) => done));
  }

  end(id: string, reason: EndReason): boolean {
    const entry = this.runs.get(id);
    if (entry === undefined) return false;
    entry.endedBy ??= reason;
    entry.abort.abort();
    return true;
  }
}
