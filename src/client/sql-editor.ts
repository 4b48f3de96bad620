import { EditorView } from '@codemirror/view';
import { loadLanguage } from './editor/language.js';
import { runKeys } from './editor/run-keys.js';
import { editorState } from './editor/state.js';
import { Twin } from './editor/twin.js';

/**
 * Puts CodeMirror in the place of a textarea, which stays what the form sends and what other scripts read and write.
 * Taken away when htmx removes the textarea.
 */
export function upgradeEditor(field: HTMLTextAreaElement): void {
  const focused = document.activeElement === field;
  const twin = new Twin(field);
  const view = new EditorView({ state: editorState(field, [twin.watcher, runKeys(field)]) });
  twin.attach(view);
  void loadLanguage(view, field.dataset['engine'] ?? '');
  if (focused) view.focus();
  const leave = () => {
    if (field.isConnected) return;
    document.removeEventListener('htmx:after:swap', leave);
    twin.detach();
    view.destroy();
  };
  document.addEventListener('htmx:after:swap', leave);
}
