import type { Extension } from '@codemirror/state';
import { keymap, type EditorView } from '@codemirror/view';
import type { FormattedView } from '../../modules/queries/editor/editor.types.js';
import { databaseOf } from './checking.js';
import { difference } from './difference.js';
import { sameSpot } from './same-spot.js';

/** Shift-Alt-F. */
export function formatKey(field: HTMLTextAreaElement): Extension {
  const run = (view: EditorView): boolean => {
    void format(view, field);
    return true;
  };
  return keymap.of([{ key: 'Shift-Alt-f', run }]);
}

/** The Format button lays the text out on the server; what came of it is said where runs say how they are. */
export function formatButton(view: EditorView, field: HTMLTextAreaElement): void {
  const button = field.form?.querySelector<HTMLButtonElement>('[data-format]');
  button?.addEventListener('click', (event) => {
    event.preventDefault();
    void format(view, field);
  });
}

async function format(view: EditorView, field: HTMLTextAreaElement): Promise<void> {
  const before = view.state.doc;
  const answer = await fetch('/queries/format', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ databaseId: databaseOf(field), sql: before.toString() }),
  }).catch(() => null);
  if (answer?.ok !== true) {
    say('The text could not be laid out: the server does not answer.');
    return;
  }
  const { sql, problem } = (await answer.json()) as FormattedView;
  // Whoever typed on meanwhile wants to keep what they typed.
  if (view.state.doc !== before) return;
  const changes = difference(before.toString(), sql);
  if (changes !== null) {
    const anchor = sameSpot(before.toString(), sql, view.state.selection.main.head);
    view.dispatch({ changes, selection: { anchor }, scrollIntoView: true, userEvent: 'input.format' });
  }
  say(problem ?? (changes === null ? 'It is laid out already.' : 'Laid out.'));
  view.focus();
}

function say(text: string): void {
  const state = document.getElementById('run-state');
  if (state !== null) state.textContent = text;
}
