import type { Ask } from '../grids.js';
import type { Cursor } from './cursor.js';

/** A cell passed by with an arrow key is not asked for. */
const SETTLE_MS = 120;

/** The pane beside the rows that shows a value whole; while it is open it follows the cursor. */
export class Viewer {
  private pane: HTMLElement | null = null;
  private shown = '';
  private timer = 0;

  constructor(
    private readonly grid: HTMLElement,
    private readonly cursor: Cursor,
    private readonly ask: Ask,
  ) {}

  get open(): boolean {
    return this.pane !== null;
  }

  /** Opens for the present cell, or closes. */
  toggle(): void {
    if (this.open) this.close();
    else this.show();
  }

  show(): void {
    if (this.addressOf(this.cursor.cell) === null) return;
    if (this.pane === null) {
      this.pane = this.build();
      this.grid.after(this.pane);
    }
    void this.load();
  }

  /** Answers whether it was open. */
  close(): boolean {
    if (this.pane === null) return false;
    window.clearTimeout(this.timer);
    this.pane.remove();
    this.pane = null;
    this.shown = '';
    this.cursor.mark();
    return true;
  }

  follow(): void {
    if (!this.open) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.load(), SETTLE_MS);
  }

  /** The address of a value; null for heads, row numbers and rows that are not kept. */
  addressOf(cell: HTMLTableCellElement | undefined): string | null {
    const { cells } = this.grid.dataset;
    const record = cell?.closest('tr')?.dataset['record'];
    if (cells === undefined || record === undefined || cell === undefined || cell.cellIndex === 0)
      return null;
    return `${cells}/${record}/${String(cell.cellIndex - 1)}`;
  }

  private async load(): Promise<void> {
    const address = this.addressOf(this.cursor.cell);
    const target = this.pane?.lastElementChild;
    if (address === null || target === null || target === undefined || address === this.shown) return;
    this.shown = address;
    await this.ask(address, target);
  }

  private build(): HTMLElement {
    const pane = document.createElement('aside');
    pane.className = 'cell-pane';
    pane.setAttribute('aria-label', 'Value');
    pane.setAttribute('aria-live', 'polite');
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'button small quiet cell-close';
    close.textContent = 'Close';
    close.title = 'Close the value (Escape)';
    close.addEventListener('click', () => {
      this.close();
    });
    pane.append(close, document.createElement('div'));
    return pane;
  }
}
