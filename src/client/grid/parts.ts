import type { Ask } from '../grids.js';

/** Loaded parts that may stay although nobody looks at them. */
const KEPT_PARTS = 4;
/** Somebody who drags the scroll bar past a part does not want it. */
const SETTLE_MS = 60;
const AHEAD_PX = 600;

/**
 * The rows of a result in parts of which only those near the view are in the page. The others are gaps of the same
 * height, so that the scroll bar tells the truth and nothing jumps.
 */
export class Parts {
  readonly size: number;
  readonly total: number;
  rowHeight = 24;
  private readonly seen = new Set<Element>();
  private readonly loading = new Set<string>();
  private readonly observer: IntersectionObserver;
  private timer = 0;

  constructor(
    private readonly grid: HTMLElement,
    private readonly table: HTMLTableElement,
    private readonly ask: Ask,
    private readonly loaded: () => void,
  ) {
    const { part = '200', total = '0' } = grid.dataset;
    this.size = Number(part);
    this.total = Number(total);
    this.observer = new IntersectionObserver(
      (entries) => {
        this.noted(entries);
      },
      { root: grid, rootMargin: `${String(AHEAD_PX)}px 0px` },
    );
  }

  /** Puts gaps where parts are missing, and goes to the part that came with the page. */
  start(): void {
    const [first] = this.table.tBodies;
    if (first === undefined || this.grid.dataset['rows'] === undefined) return;
    this.rowHeight = first.rows[0]?.getBoundingClientRect().height ?? this.rowHeight;
    const from = Number(first.dataset['from']);
    for (let at = 0; at < this.total; at += this.size) {
      if (at < from) first.before(this.gap(at));
      else if (at > from) this.table.append(this.gap(at));
    }
    for (const body of this.table.tBodies) this.observer.observe(body);
    if (from > 0) this.grid.scrollTop = from * this.rowHeight;
  }

  stop(): void {
    this.observer.disconnect();
    window.clearTimeout(this.timer);
  }

  /** The row with this number in the view, if it is in the page. */
  row(index: number): HTMLTableRowElement | undefined {
    const from = index - (index % this.size);
    const body = [...this.table.tBodies].find((one) => one.dataset['from'] === String(from));
    return body === undefined || isGap(body) ? undefined : body.rows[index - from];
  }

  private noted(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.seen.add(target);
      else this.seen.delete(target);
    }
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      for (const body of this.seen) if (isGap(body)) void this.load(body as HTMLTableSectionElement);
      this.unload();
    }, SETTLE_MS);
  }

  private async load(gap: HTMLTableSectionElement): Promise<void> {
    const { from = '0' } = gap.dataset;
    if (this.loading.has(from)) return;
    this.loading.add(from);
    try {
      await this.ask(`${this.grid.dataset['rows'] ?? ''}&from=${from}`, gap);
    } finally {
      this.loading.delete(from);
    }
    if (gap.isConnected) return;
    this.forget(gap);
    const fresh = [...this.table.tBodies].find((body) => body.dataset['from'] === from);
    if (fresh === undefined) return;
    this.observer.observe(fresh);
    this.loaded();
  }

  private unload(): void {
    const far = [...this.table.tBodies].filter((body) => !isGap(body) && !this.seen.has(body));
    const middle = this.grid.scrollTop + this.grid.clientHeight / 2;
    far.sort((a, b) => Math.abs(a.offsetTop - middle) - Math.abs(b.offsetTop - middle));
    for (const body of far.slice(KEPT_PARTS)) {
      const gap = this.gap(Number(body.dataset['from']), body.offsetHeight);
      this.forget(body);
      body.replaceWith(gap);
      this.observer.observe(gap);
    }
  }

  private forget(body: Element): void {
    this.observer.unobserve(body);
    this.seen.delete(body);
  }

  private gap(from: number, height = Math.min(this.size, this.total - from) * this.rowHeight): HTMLElement {
    const body = document.createElement('tbody');
    body.className = 'gap';
    body.dataset['from'] = String(from);
    const row = body.insertRow();
    row.style.height = `${String(height)}px`;
    row.insertCell().colSpan = this.table.tHead?.rows[0]?.cells.length ?? 1;
    return body;
  }
}

function isGap(body: Element): boolean {
  return body.classList.contains('gap');
}
