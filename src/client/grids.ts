import htmx from 'htmx.org';

interface GridModule {
  defineGrid(ask: Ask): void;
}

/** Asks the server for a piece of HTML and puts it in the place of `target`, with the page's own handling of errors. */
export type Ask = (address: string, target: Element) => Promise<void>;

/**
 * Loads the script of the result grid when the first one is on the page. Without it, or without any script, a result is
 * a table with a pager.
 */
export function grids(): void {
  let asked = false;
  const load = (): void => {
    const script = document.querySelector<HTMLElement>('result-grid[data-script]')?.dataset['script'];
    if (script === undefined || asked) return;
    asked = true;
    void import(script).then((module: GridModule) => {
      module.defineGrid(ask);
    });
  };
  load();
  document.addEventListener('htmx:after:swap', load);
}

async function ask(address: string, target: Element): Promise<void> {
  await htmx.ajax('GET', address, { source: target, target, swap: 'outerHTML' });
}
