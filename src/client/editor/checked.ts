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
export async function showProblems(view: EditorView): Promise<void> {
  const { problems, failure } = view.state.field(checkedField);
  if (mark === null && problems.length === 0 && failure === null) return;
  ({ mark } = await import('./diagnostics.js'));
  mark(view, shownProblems(view.state));
}

/** Loaded with the first problem. */
let mark: ((view: EditorView, problems: readonly MarkedProblem[]) => void) | null = null;

export function shownProblems(state: EditorState): MarkedProblem[] {
  const { problems, failure } = state.field(checkedField);
  const { length } = state.doc;
  return [...(failure === null ? [] : [failure]), ...problems].filter(
    ({ severity, to }) => severity !== 'info' && to <= length,
  );
}
