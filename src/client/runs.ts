import { uuid } from './uuid.js';

interface RequestEvent extends CustomEvent {
  readonly detail: { readonly ctx: { readonly sourceElement: Element } };
}

/**
 * The workbench's run form: names the run before it starts so that it can be cancelled, shows how long it has been
 * running in the place of the Run button, and runs on Ctrl-Enter.
 */
export function runs(): void {
  const form = document.querySelector<HTMLFormElement>('[data-run-form]');
  if (form === null) return;
  const run = new RunControl(form);
  // Capturing, because the form's values are collected by a listener on the form itself.
  document.addEventListener(
    'submit',
    (event) => {
      if (event.target !== form) return;
      if (run.running && event.submitter !== null && run.isRun(event.submitter)) event.preventDefault();
      else run.name();
    },
    { capture: true },
  );
  document.addEventListener('htmx:before:request', (event) => {
    if (isOf(event, form)) run.started();
  });
  document.addEventListener('htmx:finally:request', (event) => {
    if (isOf(event, form)) run.ended();
  });
  form.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!run.running) form.requestSubmit(run.runButton);
  });
  run.cancelButton.addEventListener('click', () => void run.cancel());
}

const isOf = (event: Event, form: HTMLFormElement) =>
  (event as RequestEvent).detail.ctx.sourceElement === form;

class RunControl {
  running = false;
  readonly cancelButton: HTMLButtonElement;
  readonly runButton: HTMLButtonElement;
  private readonly allButton: HTMLButtonElement;
  private readonly elapsed: HTMLElement;
  private readonly idField: HTMLInputElement;
  private timer = 0;

  constructor(form: HTMLFormElement) {
    this.cancelButton = part(form, '[data-cancel]', HTMLButtonElement);
    this.runButton = part(form, '[data-run]', HTMLButtonElement);
    this.allButton = part(form, '[data-run-all]', HTMLButtonElement);
    this.elapsed = part(form, '[data-elapsed]', HTMLElement);
    this.idField = part(form, 'input[name=runId]', HTMLInputElement);
  }

  isRun(submitter: Element): boolean {
    return submitter === this.runButton || submitter === this.allButton;
  }

  name(): void {
    this.idField.disabled = false;
    this.idField.value = uuid();
  }

  started(): void {
    const start = performance.now();
    const show = () => {
      this.elapsed.textContent = `${((performance.now() - start) / 1000).toFixed(1)} s`;
    };
    this.running = true;
    this.swapButtons();
    show();
    this.timer = window.setInterval(show, 100);
    this.say('Running');
  }

  ended(): void {
    window.clearInterval(this.timer);
    this.running = false;
    this.swapButtons();
    this.say(document.getElementById('results')?.dataset['summary'] ?? '');
    document.body.dispatchEvent(new Event('run-ended'));
  }

  /** The answer to the run itself tells how it ended, so nothing is done with this one. */
  async cancel(): Promise<void> {
    this.cancelButton.disabled = true;
    this.say('Cancelling');
    await fetch(`/queries/${this.idField.value}/cancel`, {
      method: 'POST',
      headers: { accept: 'application/json' },
    }).catch(() => {
      this.cancelButton.disabled = false;
    });
  }

  private swapButtons(): void {
    const focused = [this.runButton, this.cancelButton].some((button) => button === document.activeElement);
    this.allButton.disabled = this.running;
    this.runButton.hidden = this.running;
    this.cancelButton.hidden = !this.running;
    this.cancelButton.disabled = false;
    if (focused) (this.running ? this.cancelButton : this.runButton).focus();
  }

  private say(text: string): void {
    const state = document.getElementById('run-state');
    if (state !== null) state.textContent = text;
  }
}

function part<E extends HTMLElement>(form: HTMLFormElement, selector: string, type: new () => E): E {
  const element = form.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`The run form has no ${selector}.`);
  return element;
}
