/** A schema that is read again opens where it was open, and the focus stays on its line. */
export function keepTreeOpen(): void {
  let open: string[] = [];
  let focused = '';
  document.addEventListener('htmx:before:swap', (event) => {
    const tree = swapped(event);
    if (tree === null) return;
    open = [...tree.querySelectorAll('details[open]')].map(({ parentElement }) => parentElement?.id ?? '');
    focused = document.activeElement?.closest('.node')?.id ?? '';
  });
  document.addEventListener('htmx:after:swap', () => {
    const still: string[] = [];
    for (const id of open) {
      const fold = document.getElementById(id)?.querySelector<HTMLDetailsElement>(':scope > details');
      if (fold) fold.open = true;
      else still.push(id);
    }
    // What is inside of a branch comes a moment later.
    open = still;
    if (focused !== '' && document.activeElement === document.body) {
      document.getElementById(focused)?.querySelector<HTMLElement>('summary, button')?.focus();
    }
  });
}

function swapped(event: Event): Element | null {
  const { target } = (event as CustomEvent<{ ctx: { target: Element | string | null } }>).detail.ctx;
  return target instanceof Element && target.id === 'schema-tree' ? target : null;
}
