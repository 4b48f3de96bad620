import type { Extension } from '@codemirror/state';
import { ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view';
import type { CheckView } from '../../modules/queries/editor/editor.types.js';
import { checkedField, setChecked, showProblems } from './checked.js';

const PAUSE_MS = 300;

/** Has the engine's own grammar read the text, once nobody has typed for a moment. */
class Checking {
  private timer = 0;
  private asking = new AbortController();

  constructor(
    private readonly view: EditorView,
    private readonly field: HTMLTextAreaElement,
  ) {
    if (view.state.doc.length > 0) this.soon();
  }

  update({ docChanged }: ViewUpdate): void {
    if (!docChanged) return;
    this.asking.abort();
    this.soon();
  }

  destroy(): void {
    window.clearTimeout(this.timer);
    this.asking.abort();
  }

  private soon(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), PAUSE_MS);
  }

  private async check(): Promise<void> {
    const { doc } = this.view.state;
    this.asking = new AbortController();
    const answer = await ask(this.field, doc.toString(), this.asking.signal);
    if (answer === null || this.view.state.doc !== doc) return;
    this.view.dispatch({ effects: setChecked.of(answer) });
    void showProblems(this.view);
  }
}

/** Null when nobody answers, or no longer wants to hear it: the next change asks again. */
async function ask(field: HTMLTextAreaElement, sql: string, signal: AbortSignal): Promise<CheckView | null> {
  const databaseId = databaseOf(field);
  if (databaseId === '') return null;
  if (sql.trim() === '') return { statements: [], problems: [], checked: true };
  try {
    const answer = await fetch('/queries/check', {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ databaseId, sql }),
      signal,
    });
    return answer.ok ? ((await answer.json()) as CheckView) : null;
  } catch {
    return null;
  }
}

/** The database that the form of a statement names; empty when none is chosen. */
export function databaseOf(field: HTMLTextAreaElement): string {
  const chosen = field.form?.elements.namedItem('databaseId');
  return chosen instanceof HTMLSelectElement || chosen instanceof HTMLInputElement ? chosen.value : '';
}

export function checking(field: HTMLTextAreaElement): Extension {
  return [checkedField, ViewPlugin.define((view) => new Checking(view, field))];
}
