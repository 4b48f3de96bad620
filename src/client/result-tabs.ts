/** Makes the links to the results of a run into tabs, of which one result is shown at a time. */
export function resultTabs(): void {
  document.addEventListener('htmx:after:swap', setUp);
  document.addEventListener('click', (event) => {
    const tab = tabOf(event.target);
    if (tab === null) return;
    event.preventDefault();
    choose(tab);
  });
  document.addEventListener('keydown', (event) => {
    const tab = tabOf(event.target);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (tab === null || step === undefined) return;
    const tabs = tabsBeside(tab);
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (next !== undefined) choose(next);
    next?.focus();
  });
  setUp();
}

function tabOf(target: EventTarget | null): HTMLAnchorElement | null {
  return (target as Element).closest<HTMLAnchorElement>('[data-result-tabs] > a');
}

function tabsBeside(tab: Element): HTMLAnchorElement[] {
  return [...(tab.parentElement?.querySelectorAll('a') ?? [])];
}

function panelOf(tab: HTMLAnchorElement): HTMLElement | null {
  return document.getElementById(tab.hash.slice(1));
}

function setUp(): void {
  for (const list of document.querySelectorAll('[data-result-tabs]')) {
    const tabs = [...list.querySelectorAll('a')];
    const current =
      tabs.find((tab) => tab.getAttribute('aria-selected') === 'true') ??
      tabs.find((tab) => tab.hasAttribute('aria-current')) ??
      tabs[0];
    list.setAttribute('role', 'tablist');
    for (const tab of tabs) {
      tab.setAttribute('role', 'tab');
      tab.removeAttribute('aria-current');
      const panel = panelOf(tab);
      if (panel === null) continue;
      tab.setAttribute('aria-controls', panel.id);
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', tab.id);
    }
    if (current !== undefined) choose(current);
  }
}

function choose(chosen: HTMLAnchorElement): void {
  for (const tab of tabsBeside(chosen)) {
    const selected = tab === chosen;
    tab.setAttribute('aria-selected', String(selected));
    tab.tabIndex = selected ? 0 : -1;
    const panel = panelOf(tab);
    if (panel !== null) panel.hidden = !selected;
  }
}
