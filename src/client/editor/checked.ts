import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { StateEffect, StateField, type ChangeDesc, type EditorState } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { CheckView, MarkedProblem } from '../../modules/queries/editor/editor.types.js';

/** What the server said about the text, moved along with every change since. */
export interface Checked extends CheckView {
  /** The text is still the one that was checked. */
  readonly fresh: boolean;
  /** Where the last run failed; gone with the next run or when its place is edited. */
  readonly failure: MarkedProblem | null;
}

const NOTHING: Checked = { statements: [], problems: [], checked: false, fresh: false, failure: null };

export const setChecked = StateEffect.define<CheckView>();
export const setFailure = StateEffect.define<MarkedProblem | null>();

export const checkedField = StateField.define<Checked>({
  create: () => NOTHING,
  update(value, { changes, docChanged, effects }) {
    let next = docChanged ? moved(value, changes) : value;
    for (const effect of effects) {
      if (effect.is(setChecked)) next = { ...effect.value, fresh: true, failure: next.failure };
      if (effect.is(setFailure)) next = { ...next, failure: effect.value };
    }
    return next;
  },
});

function moved(value: Checked, changes: ChangeDesc): Checked {
  const place = <T extends { from: number; to: number }>(span: T): T => ({
    ...span,
    from: changes.mapPos(span.from, 1),
    to: changes.mapPos(span.to, -1),
  });
  const { failure } = value;
  const touched = failure === null || changes.touchesRange(failure.from, failure.to) !== false;
  return {
    ...value,
    statements: value.statements.map(place),
    problems: value.problems.map(place).filter(({ from, to }) => from < to),
    fresh: false,
    failure: touched ? null : place(failure),
  };
}

/** Underlines errors and warnings; what is merely worth knowing stays out of the text. */
export function showProblems(view: EditorView): void {
  view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state)));
}

function diagnosticsOf(state: EditorState): Diagnostic[] {
  const { problems, failure } = state.field(checkedField);
  const { length } = state.doc;
  return [...problems, ...(failure === null ? [] : [failure])]
    .filter(({ severity, to }) => severity !== 'info' && to <= length)
    .map(({ from, to, severity, message, code }) => ({
      from,
      to: Math.max(to, Math.min(from + 1, length)),
      severity,
      message,
      source: code,
    }));
}
