/**
 * The search over everything: Ctrl-K opens it on any page, arrow keys go through what is found, Enter opens the first
 * or the one that is focused, and whatever is typed goes on in the field.
 */
export function search(): void {
  const field = document.querySelector<HTMLInputElement>('#search-field');
  if (field === null) return;
  const dialog = document.querySelector<HTMLDialogElement>('#search-dialog');
  const open = (event: Event) => {
    event.preventDefault();
    if (dialog?.open === false) dialog.showModal();
    field.focus();
    field.select();
    field.form?.dispatchEvent(new Event('search-opened'));
  };
  // Capturing: in the editor the keys mean something else on some systems.
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey) open(event);
    },
    { capture: true },
  );
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    if (target.closest('[data-search-open]') !== null && !event.ctrlKey && !event.metaKey) open(event);
    else if (target === dialog) dialog.close();
  });
  const frame: HTMLElement = dialog ?? document.body;
  frame.addEventListener('keydown', (event) => {
    if (dialog !== null || (event.target as Element).closest('#search-hits, [data-search]') !== null)
      move(event, field);
  });
  document.addEventListener('htmx:after:swap', () => {
    const state = document.getElementById('search-state');
    if (state !== null) state.textContent = document.getElementById('search-hits')?.dataset['count'] ?? '';
  });
}

function move(event: KeyboardEvent, field: HTMLInputElement): void {
  const hits = [...document.querySelectorAll<HTMLElement>('#search-hits a')];
  const at = hits.findIndex((hit) => hit === document.activeElement);
  if (event.key === 'ArrowDown') go(event, hits[at + 1]);
  else if (event.key === 'ArrowUp') go(event, hits[at - 1] ?? field);
  else if (document.activeElement === field) openFirst(event, hits[0]);
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) field.focus();
}

function openFirst(event: KeyboardEvent, hit: HTMLElement | undefined): void {
  if (event.key !== 'Enter' || hit === undefined) return;
  event.preventDefault();
  hit.click();
}

function go(event: Event, to: HTMLElement | undefined): void {
  event.preventDefault();
  to?.focus();
}
