import { EditorView } from '@codemirror/view';
import { checking } from './editor/checking.js';
import { completing } from './editor/completing.js';
import { formatButton, formatKey } from './editor/formatting.js';
import { loadLanguage } from './editor/language.js';
import { runKeys, sendParts } from './editor/run-part.js';
import { editorState } from './editor/state.js';
import { statements } from './editor/statements.js';
import { statusLine } from './editor/status-line.js';
import { Twin } from './editor/twin.js';

/**
 * Puts CodeMirror in the place of a textarea, which stays what the form sends and what other scripts read and write.
 * Taken away when htmx removes the textarea.
 */
export function upgradeEditor(field: HTMLTextAreaElement): void {
  const focused = document.activeElement === field;
  const { engine = '' } = field.dataset;
  const twin = new Twin(field);
  const line = field.form?.querySelector<HTMLElement>('[data-editor-status]') ?? null;
  const own = [
    twin.watcher,
    runKeys(field),
    formatKey(field),
    checking(field),
    statements(engine),
    completing(field),
    statusLine(line),
  ];
  const view = new EditorView({ state: editorState(field, own) });
  twin.attach(view);
  const stopSending = sendParts(view, field);
  formatButton(view, field);
  void loadLanguage(view, engine);
  if (focused) view.focus();
  const leave = () => {
    if (field.isConnected) return;
    document.removeEventListener('htmx:after:swap', leave);
    stopSending();
    twin.detach();
    view.destroy();
  };
  document.addEventListener('htmx:after:swap', leave);
}
