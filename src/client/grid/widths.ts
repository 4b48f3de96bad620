const LEAST = 44;
const STEP = 16;
/** Wide enough for most, narrow enough that one long text does not push the others away. */
const MOST_AT_FIRST = 380;

/** Fixes the widths that columns have at first, so that none moves when other rows come, and lets people change them. */
export class ColumnWidths {
  private readonly columns: HTMLTableColElement[] = [];
  private readonly widths: number[] = [];

  constructor(private readonly table: HTMLTableElement) {}

  start(signal: AbortSignal): void {
    const heads = [...(this.table.tHead?.rows[0]?.cells ?? [])];
    const group = document.createElement('colgroup');
    for (const head of heads) {
      const column = document.createElement('col');
      this.columns.push(column);
      this.widths.push(Math.min(MOST_AT_FIRST, Math.ceil(head.getBoundingClientRect().width) + 1));
      group.append(column);
    }
    this.table.prepend(group);
    this.table.classList.add('fixed');
    this.apply();
    heads.slice(1).forEach((head, index) => {
      this.addHandle(head, index + 1, signal);
    });
  }

  /** Makes a column wider or narrower by a step. */
  step(index: number, steps: number): void {
    this.set(index, (this.widths[index] ?? LEAST) + steps * STEP);
  }

  private set(index: number, width: number): void {
    this.widths[index] = Math.max(LEAST, Math.round(width));
    this.apply();
  }

  private apply(): void {
    this.columns.forEach((column, index) => {
      column.style.width = `${String(this.widths[index] ?? LEAST)}px`;
    });
    const sum = this.widths.reduce((total, width) => total + width, 0);
    this.table.style.width = `${String(sum)}px`;
  }

  /** The edge of a head that can be dragged; the keyboard has + and - instead. */
  private addHandle(head: HTMLElement, index: number, signal: AbortSignal): void {
    const handle = document.createElement('span');
    handle.className = 'resize';
    handle.setAttribute('aria-hidden', 'true');
    head.append(handle);
    handle.addEventListener(
      'pointerdown',
      (event) => {
        this.drag(event, index);
      },
      { signal },
    );
    handle.addEventListener(
      'dblclick',
      () => {
        this.fit(index);
      },
      { signal },
    );
  }

  private drag(event: PointerEvent, index: number): void {
    event.preventDefault();
    const handle = event.target as HTMLElement;
    const from = event.clientX - (this.widths[index] ?? 0);
    handle.setPointerCapture(event.pointerId);
    const move = ({ clientX }: PointerEvent): void => {
      this.set(index, clientX - from);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener(
      'lostpointercapture',
      () => {
        handle.removeEventListener('pointermove', move);
      },
      {
        once: true,
      },
    );
  }

  /** As wide as the longest value of it in the page. */
  private fit(index: number): void {
    this.set(index, LEAST);
    const cells = this.table.querySelectorAll<HTMLElement>(`tr > :nth-child(${String(index + 1)})`);
    const longest = [...cells].reduce((most, cell) => Math.max(most, cell.scrollWidth), 0);
    this.set(index, longest + 2);
  }
}
