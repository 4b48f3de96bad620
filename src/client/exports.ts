import htmx from 'htmx.org';
import { uuid } from './uuid.js';

/**
 * A file is a plain form's answer, which the browser saves. Beside that the result shows how far it is: the form names
 * the export before it is sent, and once the server tells of that name its state is asked for.
 */
export function exportForms(): void {
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      const name = form.querySelector<HTMLInputElement>('[data-export] input[name=exportId]');
      if (name === null) return;
      name.value = uuid();
      form.hidePopover();
      const log = form.closest('.result')?.querySelector('[data-export-log]');
      if (log) follow(log, name.value);
    },
    { capture: true },
  );
}

function follow(log: Element, id: string): void {
  const show = (): void => {
    const place = document.createElement('div');
    log.replaceChildren(place);
    void htmx.ajax('GET', `/queries/exports/${id}`, { source: place, target: place, swap: 'outerHTML' });
  };
  document.body.addEventListener(`live-export-${id}`, show, { once: true });
}
