import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { CheckedStatement } from '../../modules/queries/editor/editor.types.js';
import { checkedField, shownProblems } from './checked.js';
import { partToRun } from './statements.js';

const grouped = new Intl.NumberFormat('en-US');

/** The line below the editor: what the statement at the cursor is, what is wrong, and where the cursor is. */
export function statusLine(line: HTMLElement | null): Extension {
  if (line === null) return [];
  const part = (name: string) => line.querySelector<HTMLElement>(`[data-status=${name}]`);
  const [statement, problem, place] = [part('class'), part('problem'), part('place')];
  const show = (view: EditorView): void => {
    if (place !== null) place.textContent = placeOf(view);
    const current = currentOf(view);
    if (statement !== null) showClass(statement, current);
    // The same words again would be read out again.
    const said = problemOf(view) ?? current?.reason ?? '';
    if (problem !== null && problem.textContent !== said) problem.textContent = said;
  };
  line.hidden = false;
  return EditorView.updateListener.of(({ view, docChanged, selectionSet, state, startState }) => {
    if (docChanged || selectionSet || state.field(checkedField) !== startState.field(checkedField))
      show(view);
  });
}

function placeOf({ state }: EditorView): string {
  const { head, from, to } = state.selection.main;
  const { number, from: start } = state.doc.lineAt(head);
  const chosen = from === to ? '' : ` (${grouped.format(to - from)} selected)`;
  return `Ln ${grouped.format(number)}, Col ${grouped.format(head - start + 1)}${chosen}`;
}

function currentOf({ state }: EditorView): CheckedStatement | null {
  const part = partToRun(state);
  if (part === null) return null;
  const { statements } = state.field(checkedField);
  return statements.find(({ from, to }) => from < part.to && to > part.from) ?? null;
}

function showClass(element: HTMLElement, statement: CheckedStatement | null): void {
  element.hidden = statement === null;
  if (statement === null) return;
  const { class: kind, may, verb } = statement;
  element.textContent = may ? kind : 'not allowed';
  element.className = `tag ${may ? kind : 'refused'}`;
  element.title = `${verb}: ${WORDS[kind]}`;
}

const WORDS: Readonly<Record<CheckedStatement['class'], string>> = {
  read: 'changes nothing',
  dml: 'may change rows',
  ddl: 'may change the schema',
  control: 'concerns the transaction or the session',
  admin: 'concerns the server and is refused',
};

/** The problem at the cursor's statement, else the first error, else the first warning. */
function problemOf({ state }: EditorView): string | null {
  const shown = shownProblems(state);
  const part = partToRun(state);
  const near = shown.find(({ from, to }) => part !== null && from <= part.to && to >= part.from);
  const first = near ?? shown.find(({ severity }) => severity === 'error') ?? shown[0];
  if (first === undefined) return null;
  const more = shown.length > 1 ? ` (and ${String(shown.length - 1)} more)` : '';
  return `Line ${grouped.format(state.doc.lineAt(first.from).number)}: ${first.message}${more}`;
}
