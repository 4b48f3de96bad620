import { EditorSelection, type Extension } from '@codemirror/state';
import { EditorView, type ViewUpdate } from '@codemirror/view';
import { difference } from './difference.js';

/** Writing a long text into a textarea at every key is slow: it gets there a moment later. */
const LONG = 20_000;
const COPY_AFTER_MS = 100;

/**
 * Keeps a textarea and the editor in its place the same, text and selection. The form sends the textarea, and whatever
 * else wants to write a statement writes into it and fires `input`.
 */
export class Twin {
  private view: EditorView | null = null;
  private timer = 0;
  private taking = false;

  constructor(readonly field: HTMLTextAreaElement) {}

  attach(view: EditorView): void {
    this.view = view;
    const { field } = this;
    field.classList.add('behind');
    field.tabIndex = -1;
    field.setAttribute('aria-hidden', 'true');
    field.before(view.dom);
    field.addEventListener('input', this.takeUp);
    field.addEventListener('focus', () => {
      this.takeUp();
      view.focus();
    });
    // Before anything collects the form's values.
    document.addEventListener('submit', this.flush, { capture: true });
    view.contentDOM.addEventListener('blur', this.flush);
    addEventListener('pagehide', this.flush);
  }

  detach(): void {
    window.clearTimeout(this.timer);
    document.removeEventListener('submit', this.flush, { capture: true });
    removeEventListener('pagehide', this.flush);
  }

  readonly watcher: Extension = EditorView.updateListener.of((update) => {
    this.changed(update);
  });

  private changed({ docChanged, selectionSet, state }: ViewUpdate): void {
    if (this.taking || (!docChanged && !selectionSet)) return;
    window.clearTimeout(this.timer);
    if (state.doc.length < LONG) this.copy();
    else this.timer = window.setTimeout(this.copy, COPY_AFTER_MS);
  }

  readonly flush = (): void => {
    if (this.timer !== 0) this.copy();
  };

  /** From the editor to the textarea. */
  private readonly copy = (): void => {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (this.view === null) return;
    const { doc, selection } = this.view.state;
    const text = doc.toString();
    const { from, to } = selection.main;
    const { field } = this;
    const changed = field.value !== text;
    if (changed) field.value = text;
    if (field.selectionStart !== from || field.selectionEnd !== to) field.setSelectionRange(from, to);
    if (changed) field.dispatchEvent(new Event('input', { bubbles: true }));
  };

  /** From the textarea to the editor: only what differs, so that marks and the undo history stay right. */
  private readonly takeUp = (): void => {
    const { view, field } = this;
    if (view === null) return;
    const change = difference(view.state.doc.toString(), field.value);
    const { main } = view.state.selection;
    const { selectionStart: from, selectionEnd: to } = field;
    if (change === null && main.from === from && main.to === to) return;
    this.taking = true;
    view.dispatch({
      ...(change && { changes: change }),
      selection: EditorSelection.single(from, to),
      scrollIntoView: true,
      userEvent: 'input',
    });
    this.taking = false;
  };
}
