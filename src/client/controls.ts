/** Switches colours at once and remembers the choice where the server reads it. */
export function themeSwitch(): void {
  const form = document.querySelector<HTMLElement>('[data-theme-switch]');
  if (form === null) return;
  form.hidden = false;
  form.addEventListener('change', (event) => {
    const { value } = event.target as HTMLInputElement;
    document.documentElement.dataset['theme'] = value;
    document.cookie = `theme=${value}; path=/; max-age=31536000; samesite=lax`;
  });
}

/** Makes the navigation narrow or wide, and remembers it where the server reads it. */
export function navigationFold(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-nav-fold]');
  if (button === null) return;
  const root = document.documentElement;
  const show = () => {
    button.setAttribute('aria-pressed', String(root.dataset['nav'] === 'narrow'));
  };
  button.hidden = false;
  show();
  button.addEventListener('click', () => {
    const narrow = root.dataset['nav'] !== 'narrow';
    if (narrow) root.dataset['nav'] = 'narrow';
    else delete root.dataset['nav'];
    document.cookie = `nav=${narrow ? 'narrow' : 'wide'}; path=/; max-age=31536000; samesite=lax`;
    show();
  });
}

/** Menus are <details>: Escape and a click elsewhere close them, and focus goes back to what opened them. */
export function menus(): void {
  const openMenus = () => document.querySelectorAll<HTMLDetailsElement>('details.menu[open]');
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
  });
  document.addEventListener('click', (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
}

/** A select that leads somewhere leads there at once; without a script its form's button does. */
export function goingSelects(): void {
  document.addEventListener('change', (event) => {
    const select = event.target as HTMLSelectElement;
    const address = select.dataset['go'];
    if (address !== undefined) location.assign(address + encodeURIComponent(select.value));
  });
}

/** An address may name a dialog of its page: it is opened, and forgotten so that a reload does not open it again. */
export function openDialog(): void {
  const dialog = document.getElementById(location.hash.slice(1));
  if (dialog?.hasAttribute('popover') !== true) return;
  dialog.showPopover();
  history.replaceState(null, '', location.pathname + location.search);
}

/** Copy buttons appear only where there is a script to serve them. */
export function copyButtons(): void {
  document.documentElement.classList.add('scripted');
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-copy]');
    if (button !== null) void copy(button);
  });
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = document.getElementById(button.dataset['copy'] ?? '');
  if (source === null) return;
  const copied = await writeClipboard(source);
  const label = button.querySelector('[data-label]') ?? button;
  const before = label.textContent;
  label.textContent = copied ? 'Copied' : 'Selected: press Ctrl C';
  setTimeout(() => {
    label.textContent = before;
  }, 2000);
}

// Without TLS browsers offer no clipboard: select the text, so that one key press copies it.
async function writeClipboard(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    return false;
  }
}
