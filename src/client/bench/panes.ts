import { SIZES, keepSize, sizeOf, type Pane } from './sizes.js';

const STEP = 16;
const NARROW = '(max-width: 760px)';

/** The workbench's panes: their borders move by mouse and arrow keys, F6 goes from one to the next, a phone has a sheet. */
export function panes(): void {
  for (const bar of document.querySelectorAll<HTMLElement>('[data-splitter]')) splitter(bar);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'F6') goOn(event);
  });
  rememberFolds();
  sheet();
}

function splitter(bar: HTMLElement): void {
  const pane = bar.dataset['splitter'] as Pane;
  const { min } = SIZES[pane];
  const max = () => SIZES[pane].max();
  const upright = bar.getAttribute('aria-orientation') === 'vertical';
  const set = (size: number) => {
    const kept = keepSize(pane, Math.round(Math.min(max(), Math.max(min, size))));
    bar.setAttribute('aria-valuenow', String(kept));
    bar.setAttribute('aria-valuemax', String(Math.round(max())));
  };
  bar.setAttribute('aria-valuemin', String(min));
  bar.hidden = false;
  const current = () =>
    controlled(bar)?.getBoundingClientRect()[upright ? 'width' : 'height'] ?? sizeOf(pane);
  bar.setAttribute('aria-valuenow', String(Math.round(current())));
  bar.setAttribute('aria-valuemax', String(Math.round(max())));
  bar.addEventListener('pointerdown', (down) => {
    const start = current() - (upright ? down.clientX : down.clientY);
    const move = (event: PointerEvent) => {
      set(start + (upright ? event.clientX : event.clientY));
    };
    bar.setPointerCapture(down.pointerId);
    bar.addEventListener('pointermove', move);
    bar.addEventListener(
      'lostpointercapture',
      () => {
        bar.removeEventListener('pointermove', move);
      },
      { once: true },
    );
    down.preventDefault();
    bar.focus();
  });
  bar.addEventListener('keydown', (event) => {
    const [less, more] = upright ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const sizes: Readonly<Record<string, number>> = {
      [less]: current() - STEP,
      [more]: current() + STEP,
      Home: min,
      End: max(),
    };
    const size = sizes[event.key];
    if (size === undefined) return;
    event.preventDefault();
    set(size);
  });
  bar.addEventListener('dblclick', () => {
    set(SIZES[pane].usual());
  });
}

const controlled = (bar: HTMLElement) => document.getElementById(bar.getAttribute('aria-controls') ?? '');

/** Panes in the order of F6, and what is focused in each: the first of these that can be seen. */
const PANES: readonly (readonly [pane: string, ...inside: string[]])[] = [
  ['#run-form', '.cm-content', 'textarea[name=sql]'],
  ['.bench-out', '[tabindex="0"]', 'a[href]', '#results'],
  ['#bench-side', '#schema-tree :is(summary, button)[tabindex="0"]', 'summary'],
  ['#navigation', '[aria-current]', 'a'],
];

/** To the next pane, or with Shift to the one before. */
function goOn(event: KeyboardEvent): void {
  const all = PANES.flatMap(([selector, ...inside]) => {
    const pane = document.querySelector<HTMLElement>(selector);
    return pane?.checkVisibility() === true ? [{ pane, inside }] : [];
  });
  if (all.length < 2) return;
  event.preventDefault();
  const at = all.findIndex(({ pane }) => pane.contains(document.activeElement));
  const next = all[(at + (event.shiftKey ? all.length - 1 : 1)) % all.length];
  next?.inside
    .flatMap((selector) => [...next.pane.querySelectorAll<HTMLElement>(selector)])
    .find((element) => element.checkVisibility())
    ?.focus();
}

/** Which parts of the side are open is remembered. */
function rememberFolds(): void {
  for (const fold of document.querySelectorAll<HTMLDetailsElement>('details[data-remember]')) {
    const name = `fold:${fold.id}`;
    const kept = localStorage.getItem(name);
    if (kept !== null) fold.open = kept === 'open';
    fold.addEventListener('toggle', () => {
      localStorage.setItem(name, fold.open ? 'open' : 'closed');
    });
  }
}

/** On a phone the side comes up over the page when it is asked for. */
function sheet(): void {
  const side = document.querySelector<HTMLElement>('[data-sheet]');
  if (side === null) return;
  const narrow = matchMedia(NARROW);
  const suit = () => {
    if (narrow.matches) side.popover = 'auto';
    else side.removeAttribute('popover');
  };
  suit();
  narrow.addEventListener('change', suit);
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    if (target.closest('[data-sheet-open]') !== null && narrow.matches) {
      event.preventDefault();
      side.showPopover();
    } else if (
      side.contains(target) &&
      target.closest('[data-insert]:not(summary), a') !== null &&
      narrow.matches
    )
      side.hidePopover();
  });
}
