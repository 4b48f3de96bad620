/** Ends something when its time is over or somebody cancels, and remembers which of the two it was. */
export class Stopper {
  reason: 'time' | 'cancelled' | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly end: () => void,
    private readonly signal: AbortSignal,
    timeoutMs: number,
  ) {
    this.timer = setTimeout(() => {
      this.stop('time');
    }, timeoutMs);
    signal.addEventListener('abort', this.cancel, { once: true });
  }

  release(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.cancel);
  }

  private readonly cancel = (): void => {
    this.stop('cancelled');
  };

  private stop(reason: 'time' | 'cancelled'): void {
    this.reason ??= reason;
    this.end();
  }
}
