import { ChangeSet, Prec, StateEffect, StateField, type Extension } from '@codemirror/state';
import { keymap, type EditorView } from '@codemirror/view';
import { setFailure, showProblems } from './checked.js';
import { partToRun } from './statements.js';

/** Where in the text the part that was sent began, and what has changed since. */
interface Sent {
  readonly from: number;
  readonly changes: ChangeSet;
}

const setSent = StateEffect.define<Sent>();

const sentField = StateField.define<Sent | null>({
  create: () => null,
  update(value, { changes, effects }) {
    const set = effects.find((effect) => effect.is(setSent));
    if (set !== undefined) return set.value;
    return value === null ? null : { ...value, changes: value.changes.compose(changes) };
  },
});

const RUN = '[data-run]';
const RUN_ALL = '[data-run-all]';

/** Ctrl-Enter and the Run button send the selection or the statement at the cursor; Ctrl-Shift-Enter sends everything. */
export function runKeys(field: HTMLTextAreaElement): Extension {
  const press = (selector: string) => (): boolean => {
    field.form?.requestSubmit(field.form.querySelector<HTMLButtonElement>(selector));
    return true;
  };
  const keys = keymap.of([
    { key: 'Mod-Enter', run: press(RUN) },
    { key: 'Mod-Shift-Enter', run: press(RUN_ALL) },
  ]);
  return [sentField, Prec.highest(keys)];
}

/** The form's text becomes the part to run, and an error in the answer finds its place in the text. */
export function sendParts(view: EditorView, field: HTMLTextAreaElement): () => void {
  let all = false;
  const submitted = ({ target, submitter }: SubmitEvent) => {
    if (target === field.form) all = submitter?.matches(RUN_ALL) === true;
  };
  const collected = ({ formData }: FormDataEvent) => {
    const part = all ? null : partToRun(view.state);
    const changes = ChangeSet.empty(view.state.doc.length);
    view.dispatch({ effects: [setSent.of({ from: part?.from ?? 0, changes }), setFailure.of(null)] });
    if (part !== null) formData.set(field.name, view.state.sliceDoc(part.from, part.to));
  };
  const answered = () => {
    markFailure(view);
  };
  const button = field.form?.querySelector<HTMLElement>(RUN_ALL);
  if (button) button.hidden = false;
  document.addEventListener('submit', submitted, { capture: true });
  field.form?.addEventListener('formdata', collected);
  document.addEventListener('htmx:after:swap', answered);
  return () => {
    document.removeEventListener('submit', submitted, { capture: true });
    document.removeEventListener('htmx:after:swap', answered);
  };
}

/** A result says with data-at where in what was sent its error is. */
function markFailure(view: EditorView): void {
  const sent = view.state.field(sentField);
  const error = document.querySelector<HTMLElement>('#results [data-at]');
  if (sent === null || error === null) return;
  const at = sent.from + Number(error.dataset['at']);
  if (at > sent.changes.length) return;
  const from = sent.changes.mapPos(at, 1);
  const word = /^[\p{L}\p{N}_$]+/u.exec(view.state.sliceDoc(from, from + 200))?.[0] ?? ' ';
  const to = Math.min(from + word.length, view.state.doc.length);
  const message = error.querySelector('strong')?.textContent ?? 'The last run failed here.';
  const failure = { from: Math.min(from, to), to, severity: 'error', code: 'run', message } as const;
  view.dispatch({ effects: setFailure.of(failure) });
  void showProblems(view);
}
