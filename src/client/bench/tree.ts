import { insertText } from './insert.js';

const ROW = 'summary, button.node-line';

/**
 * The keyboard of the schema tree: up and down between the lines, right and left open and close, Enter writes the name
 * into the statement, o shows the first rows, d the definition. One stop for Tab, so that nobody has to walk through it.
 */
export function schemaTree(): void {
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    const tree = target.closest<HTMLElement>('[data-tree]');
    if (event.key === '/' && !isTyping(target)) find(event);
    else if (tree === null) return;
    else if (target.matches('input')) {
      if (event.key === 'ArrowDown') step(event, rowsOf(tree)[0]);
    } else if (target.matches(ROW)) key(event, tree, target);
  });
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-tree] button[data-insert]');
    if (button !== null) write(button);
  });
  document.addEventListener('dblclick', (event) => {
    const line = (event.target as Element).closest<HTMLElement>('[data-tree] summary[data-insert]');
    if (line !== null) write(line);
  });
  document.addEventListener('focusin', ({ target }) => {
    const row = target as HTMLElement;
    const tree = row.matches(ROW) ? row.closest<HTMLElement>('[data-tree]') : null;
    if (tree !== null) stopAt(tree, row);
  });
  document.addEventListener('htmx:after:swap', settle);
  settle();
}

const isTyping = (target: HTMLElement) =>
  target.isContentEditable || target.matches('input, textarea, select') || target.closest('dialog') !== null;

function find(event: KeyboardEvent): void {
  const field = document.getElementById('tree-find');
  if (field?.checkVisibility() === true && !event.ctrlKey && !event.metaKey) step(event, field);
}

function key(event: KeyboardEvent, tree: HTMLElement, row: HTMLElement): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const writes = event.key === 'Enter' && (row.dataset['insert'] ?? '') !== '';
  const done = writes ? write : KEYS[event.key];
  if (done === undefined) return;
  event.preventDefault();
  done(row, tree);
}

const KEYS: Readonly<Record<string, (row: HTMLElement, tree: HTMLElement) => void>> = {
  ArrowDown: (row, tree) => {
    beside(row, tree, 1)?.focus();
  },
  ArrowUp: (row, tree) => {
    (beside(row, tree, -1) ?? document.getElementById('tree-find'))?.focus();
  },
  Home: (_, tree) => {
    rowsOf(tree)[0]?.focus();
  },
  End: (_, tree) => {
    rowsOf(tree).at(-1)?.focus();
  },
  ArrowRight: (row, tree) => {
    const fold = foldOf(row);
    if (fold?.open === false) fold.open = true;
    else if (fold !== null) beside(row, tree, 1)?.focus();
  },
  ArrowLeft: (row) => {
    const fold = foldOf(row);
    if (fold?.open === true) fold.open = false;
    else parentOf(row)?.focus();
  },
  o: (row) => {
    act(row, 0);
  },
  d: (row) => {
    act(row, 1);
  },
};

function foldOf(row: HTMLElement): HTMLDetailsElement | null {
  return row.matches('summary') ? (row.parentElement as HTMLDetailsElement) : null;
}

function beside(row: HTMLElement, tree: HTMLElement, by: 1 | -1): HTMLElement | undefined {
  const rows = rowsOf(tree);
  return rows[rows.indexOf(row) + by];
}

/** What can be seen, from top to bottom. */
function rowsOf(tree: HTMLElement): HTMLElement[] {
  return [...tree.querySelectorAll<HTMLElement>(ROW)].filter((row) => row.checkVisibility());
}

function parentOf(row: HTMLElement): HTMLElement | null {
  const own = row.closest<HTMLElement>('.node');
  const above = own?.parentElement?.closest<HTMLElement>('.node') ?? null;
  return above === null ? null : above.querySelector('summary');
}

function act(row: HTMLElement, number: 0 | 1): void {
  const acts = row.closest('.node')?.querySelectorAll<HTMLElement>(':scope > .node-acts > a') ?? [];
  [...acts].at(number)?.click();
}

function step(event: Event, to: HTMLElement | undefined): void {
  event.preventDefault();
  to?.focus();
}

function write(line: HTMLElement): void {
  const text = line.dataset['insert'] ?? '';
  if (text === '') return;
  const written = insertText(text);
  const state = document.getElementById('tree-state');
  if (state !== null) state.textContent = written ? `${text} is in the statement` : '';
}

function stopAt(tree: HTMLElement, row: HTMLElement): void {
  for (const other of tree.querySelectorAll<HTMLElement>(ROW)) other.tabIndex = other === row ? 0 : -1;
}

/** New lines are reached with the arrow keys, their buttons with the mouse and by screen readers. */
function settle(): void {
  for (const tree of document.querySelectorAll<HTMLElement>('[data-tree]')) {
    const rows = [...tree.querySelectorAll<HTMLElement>(ROW)];
    const stop = rows.find((row) => row === document.activeElement) ?? rows[0];
    for (const row of rows) row.tabIndex = row === stop ? 0 : -1;
    for (const button of tree.querySelectorAll<HTMLElement>('.node-act')) button.tabIndex = -1;
  }
}
