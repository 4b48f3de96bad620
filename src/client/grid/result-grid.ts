import type { Ask } from '../grids.js';
import { Cursor } from './cursor.js';
import { Parts } from './parts.js';
import { Viewer } from './viewer.js';
import { ColumnWidths } from './widths.js';

/** Makes `<result-grid>` a grid: parts that come and go, a cursor, widths and the value of a cell. */
export function defineGrid(ask: Ask): void {
  customElements.define(
    'result-grid',
    class extends HTMLElement {
      private grid: Grid | null = null;
      /** What is in a tab that nobody has chosen yet has no widths to be measured. */
      private readonly visible = new ResizeObserver(() => {
        const table = this.querySelector('table');
        if (table === null || this.clientWidth === 0) return;
        this.visible.disconnect();
        this.grid = new Grid(this, table, ask);
      });

      connectedCallback(): void {
        this.visible.observe(this);
      }

      disconnectedCallback(): void {
        this.visible.disconnect();
        this.grid?.end();
        this.grid = null;
      }
    },
  );
}

class Grid {
  private readonly stop = new AbortController();
  private readonly parts: Parts;
  private readonly cursor: Cursor;
  private readonly viewer: Viewer;
  private readonly widths: ColumnWidths;

  constructor(
    private readonly element: HTMLElement,
    private readonly table: HTMLTableElement,
    ask: Ask,
  ) {
    this.parts = new Parts(element, table, ask, () => {
      this.cursor.mark();
      this.viewer.follow();
    });
    this.cursor = new Cursor(element, table, this.parts, () => {
      this.viewer.follow();
    });
    this.viewer = new Viewer(element, this.cursor, ask);
    this.widths = new ColumnWidths(table);
    this.takeFocus();
    this.widths.start(this.stop.signal);
    this.parts.start();
    this.listen();
  }

  end(): void {
    this.stop.abort();
    this.parts.stop();
  }

  /** The scrolling region could be focused to be scrolled; now the table is, and scrolls it. */
  private takeFocus(): void {
    this.element.removeAttribute('tabindex');
    this.element.removeAttribute('role');
    this.table.tabIndex = 0;
    this.table.setAttribute('role', 'grid');
    this.table.setAttribute('aria-readonly', 'true');
    this.table.setAttribute('aria-labelledby', this.element.getAttribute('aria-labelledby') ?? '');
    this.element.removeAttribute('aria-labelledby');
    for (const link of this.table.tHead?.querySelectorAll('a') ?? []) link.tabIndex = -1;
  }

  private listen(): void {
    const { signal } = this.stop;
    this.table.addEventListener(
      'keydown',
      (event) => {
        this.key(event);
      },
      { signal },
    );
    this.table.addEventListener(
      'click',
      (event) => {
        this.click(event);
      },
      { signal },
    );
    this.table.addEventListener(
      'dblclick',
      () => {
        this.viewer.show();
      },
      { signal },
    );
    this.table.addEventListener(
      'focus',
      () => {
        this.cursor.begin();
      },
      { signal },
    );
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.table) return;
    if (this.cursor.key(event) || this.act(event)) event.preventDefault();
  }

  private act({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    const { place } = this.cursor;
    if (place === null || altKey || ctrlKey || metaKey) return false;
    if (key === 'Enter') this.enter(place.row);
    else if (key === '+') this.widths.step(place.column, 1);
    else if (key === '-') this.widths.step(place.column, -1);
    else return key === 'Escape' && this.viewer.close();
    return true;
  }

  private enter(row: number): void {
    if (row < 0) this.cursor.cell?.querySelector('a')?.click();
    else this.viewer.toggle();
  }

  private click(event: MouseEvent): void {
    const target = event.target as Element;
    const cell = target.closest<HTMLTableCellElement>('td, th');
    if (!cell?.closest('tbody')) return;
    this.cursor.goTo(cell);
    if (target.closest('a.more') === null || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.viewer.show();
  }
}
