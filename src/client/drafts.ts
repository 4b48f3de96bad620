const PREFIX = 'draft:';

/**
 * Keeps what is typed into [data-draft] elements for this browser tab, through reloads and an expired session.
 * The attribute names the draft; a value that the server sent wins over a kept one.
 */
export function keepDrafts(): void {
  restore();
  document.addEventListener('input', (event) => {
    const element = event.target as HTMLElement;
    const name = element.dataset['draft'];
    if (name !== undefined) sessionStorage.setItem(PREFIX + name, (element as HTMLTextAreaElement).value);
  });
}

function restore(): void {
  for (const element of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-draft]')) {
    const kept = sessionStorage.getItem(PREFIX + (element.dataset['draft'] ?? ''));
    if (kept !== null && element.value === '') element.value = kept;
  }
}
