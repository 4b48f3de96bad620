import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { StateEffect } from '@codemirror/state';
import { keymap, type EditorView } from '@codemirror/view';
import type { MarkedProblem } from '../../modules/queries/editor/editor.types.js';

const prepared = new WeakSet<EditorView>();

/** Underlines problems; F8 goes from one to the next. */
export function mark(view: EditorView, problems: readonly MarkedProblem[]): void {
  if (!prepared.has(view)) {
    prepared.add(view);
    view.dispatch({ effects: StateEffect.appendConfig.of(keymap.of(lintKeymap)) });
  }
  const { length } = view.state.doc;
  const diagnostics = problems.map(({ from, to, severity, message, code }) => ({
    from,
    to: Math.max(to, Math.min(from + 1, length)),
    severity,
    message,
    source: code,
  }));
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
