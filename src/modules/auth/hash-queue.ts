import { AppError } from '../../platform/errors/app-error.js';

/** Everybody who waits is answered within a minute, so nobody is let in who would wait longer. */
const LONGEST_WAIT_MS = 55_000;
const FIRST_GUESS_MS = 250;

/**
 * Runs slow hashes one at a time. They work on threads of their own, so one of them leaves a processor to everybody
 * else's requests; a queue that has grown too long refuses, and says when to come again.
 */
export class HashQueue {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private usualMs = FIRST_GUESS_MS;

  async run<T>(work: () => Promise<T>): Promise<T> {
    const waitMs = this.waiting * this.usualMs;
    if (waitMs > LONGEST_WAIT_MS) throw busy(waitMs);
    this.waiting += 1;
    const turn = this.last.then(async () => this.timed(work));
    this.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.waiting -= 1;
    }
  }

  private async timed<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.usualMs = 0.8 * this.usualMs + 0.2 * (performance.now() - started);
    }
  }
}

function busy(waitMs: number): AppError {
  return new AppError(
    'unavailable',
    'sign_in_busy',
    'Too many people are signing in at this moment. Try again in a minute.',
    { retryAfter: Math.ceil(waitMs / 1000) },
  );
}
