import type { Parts } from './parts.js';

/** Row -1 is the head. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

type Move = (place: Place, page: number, last: Place) => Place;

const MOVES: Readonly<Record<string, Move>> = {
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  Home: ({ row }) => ({ row, column: 1 }),
  End: ({ row }, _, last) => ({ row, column: last.column }),
  PageUp: ({ row, column }, page) => ({ row: Math.max(0, row - page), column }),
  PageDown: ({ row, column }, page) => ({ row: row + page, column }),
  'Ctrl+Home': () => ({ row: 0, column: 1 }),
  'Ctrl+End': (_, __, last) => last,
};

/**
 * The cell that keys are about. The table keeps the focus and says which cell it is, so that rows may come and go in
 * the page without anybody losing their place.
 */
export class Cursor {
  place: Place | null = null;
  private marked: Element | null = null;

  constructor(
    private readonly grid: HTMLElement,
    private readonly table: HTMLTableElement,
    private readonly parts: Parts,
    private readonly moved: () => void,
  ) {}

  /** Begins at the first row in view. */
  begin(): void {
    const row = Math.ceil(this.grid.scrollTop / this.parts.rowHeight);
    if (this.place === null) this.go({ row, column: 1 });
  }

  /** Moves as the key says; answers whether it means a move. */
  key(event: KeyboardEvent): boolean {
    const move = MOVES[event.ctrlKey || event.metaKey ? `Ctrl+${event.key}` : event.key];
    if (move === undefined || event.altKey || event.shiftKey) return false;
    const page = Math.max(1, Math.floor(this.grid.clientHeight / this.parts.rowHeight) - 2);
    const last = { row: this.parts.total - 1, column: this.columns - 1 };
    if (this.place !== null) this.go(move(this.place, page, last));
    return true;
  }

  /** Goes to the cell that was clicked. */
  goTo(cell: HTMLTableCellElement): void {
    const row = cell.closest('tr');
    const body = cell.closest('tbody');
    if (row === null || body?.classList.contains('gap') === true) return;
    const index = body === null ? -1 : Number(body.dataset['from']) + row.sectionRowIndex;
    this.go({ row: index, column: Math.max(1, cell.cellIndex) });
  }

  /** The present cell, if it is in the page. */
  get cell(): HTMLTableCellElement | undefined {
    const row = this.place === null ? undefined : this.rowAt(this.place.row);
    return row?.cells[this.place?.column ?? 0];
  }

  /** Marks the present cell again, after rows have come. */
  mark(): void {
    this.marked?.classList.remove('active');
    const { cell } = this;
    this.marked = cell ?? null;
    if (cell === undefined || this.place === null) return;
    cell.classList.add('active');
    cell.id = `${this.grid.id}-cell`;
    this.table.setAttribute('aria-activedescendant', cell.id);
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  private go(place: Place): void {
    const row = Math.min(this.parts.total - 1, Math.max(-1, place.row));
    const column = Math.min(this.columns - 1, Math.max(1, place.column));
    this.place = { row, column };
    this.marked?.removeAttribute('id');
    if (this.rowAt(row) === undefined) this.grid.scrollTop = (row - 3) * this.parts.rowHeight;
    this.mark();
    this.moved();
  }

  private rowAt(index: number): HTMLTableRowElement | undefined {
    return index < 0 ? this.table.tHead?.rows[0] : this.parts.row(index);
  }

  private get columns(): number {
    return this.table.tHead?.rows[0]?.cells.length ?? 1;
  }
}
