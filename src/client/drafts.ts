const PREFIX = 'draft:';

interface Draft {
  /** What the server had put there before anything was typed. */
  readonly base: string;
  readonly text: string;
  /** An earlier draft that another text took the place of. */
  readonly before: string | null;
}

/**
 * Keeps what is typed into textarea[data-draft] for this browser tab, through reloads and an expired session. The
 * attribute names the draft. A text that the server sends wins, unless the draft began with that very text; the draft
 * it takes the place of can be brought back with the button [data-restore].
 */
export function keepDrafts(): void {
  for (const field of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-draft]')) {
    const draft = new DraftKeeper(field);
    field.addEventListener('input', () => {
      draft.keep();
    });
    // Choosing something that loads another page must not lose a text that was only reopened.
    document.addEventListener('change', (event) => {
      if ((event.target as HTMLElement).dataset['go'] !== undefined && field.value !== '') draft.keep();
    });
  }
}

class DraftKeeper {
  private readonly name: string;
  private readonly button: HTMLButtonElement | null;
  private before: string | null = null;

  constructor(private readonly field: HTMLTextAreaElement) {
    this.name = PREFIX + (field.dataset['draft'] ?? '');
    this.button = document.querySelector('[data-restore]');
    this.button?.addEventListener('click', () => {
      this.swap();
    });
    this.restore();
  }

  // A full or forbidden store must not get in the way of typing.
  keep(): void {
    const { defaultValue: base, value: text } = this.field;
    try {
      sessionStorage.setItem(this.name, JSON.stringify({ base, text, before: this.before } satisfies Draft));
    } catch {
      return;
    }
  }

  private restore(): void {
    const draft = this.read();
    if (draft === null) return;
    const given = this.field.defaultValue;
    const goesOn = given === '' || given === draft.base;
    if (goesOn) this.field.value = draft.text;
    this.before = goesOn ? draft.before : draft.text;
    this.offer();
  }

  private swap(): void {
    const { value } = this.field;
    this.field.value = this.before ?? value;
    this.before = value === '' ? null : value;
    this.field.dispatchEvent(new Event('input', { bubbles: true }));
    this.offer();
    this.field.focus();
  }

  private offer(): void {
    if (this.button !== null)
      this.button.hidden = (this.before ?? '') === '' || this.before === this.field.value;
  }

  // Whatever else may lie there is no draft of ours.
  private read(): Draft | null {
    try {
      return JSON.parse(sessionStorage.getItem(this.name) ?? 'null') as Draft | null;
    } catch {
      return null;
    }
  }
}
