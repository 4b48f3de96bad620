import { Facet, StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import { lexisOf } from '../../engines/lexis.js';
import { statementAt, statementSpans, type Span } from '../../engines/statement-spans.js';
import { checkedField } from './checked.js';

/** Longer texts are split by the server's answer alone. */
const MAX_SPLIT = 200_000;

/** What a run takes: the selection, or the statement at the cursor. Null when the text is empty. */
export function partToRun(state: EditorState): Span | null {
  const { main } = state.selection;
  if (!main.empty) return { from: main.from, to: main.to };
  return currentStatement(state);
}

export function currentStatement(state: EditorState): Span | null {
  const slice = (from: number, to: number) => state.sliceDoc(from, to);
  return statementAt(state.field(spansField), state.selection.main.head, slice);
}

/** From where a statement begins to where the next one does: also what is still to become a part of it. */
export function statementSpan(state: EditorState, at: number): Span {
  const spans = state.field(spansField);
  const next = spans.findIndex(({ from }) => from > at);
  const own = spans[next < 0 ? spans.length - 1 : next - 1];
  return { from: own?.from ?? 0, to: spans[next]?.from ?? state.doc.length };
}

const engineOf = Facet.define<string, string>({ combine: ([engine = '']) => engine });

/** The engine's grammar knows best; while it has not read the text as it is, semicolons do. */
function spansOf(state: EditorState): readonly Span[] {
  const { fresh, statements, problems } = state.field(checkedField);
  const whole = fresh && statements.length > 0 && !problems.some(({ severity }) => severity === 'error');
  const lexis = lexisOf(state.facet(engineOf));
  if (whole || lexis === null || state.doc.length > MAX_SPLIT) return statements;
  return statementSpans(state.doc.toString(), lexis);
}

const spansField = StateField.define<readonly Span[]>({
  create: spansOf,
  update: (value, { state, startState, docChanged }) =>
    docChanged || state.field(checkedField) !== startState.field(checkedField) ? spansOf(state) : value,
});

const line = Decoration.line({ class: 'cm-statement' });

function marksOf(state: EditorState): DecorationSet {
  const spans = state.field(spansField);
  const current = state.selection.main.empty && spans.length > 1 ? currentStatement(state) : null;
  if (current === null) return Decoration.none;
  const lines: number[] = [];
  for (let at = state.doc.lineAt(current.from); ; at = state.doc.line(at.number + 1)) {
    lines.push(at.from);
    if (at.to >= current.to) break;
  }
  return Decoration.set(lines.map((from) => line.range(from)));
}

const marks = StateField.define<DecorationSet>({
  create: marksOf,
  update: (value, { state, docChanged, selection, startState }) =>
    docChanged || selection !== undefined || state.field(spansField) !== startState.field(spansField)
      ? marksOf(state)
      : value,
  provide: (field) => EditorView.decorations.from(field),
});

/** Marks the lines of the statement that Ctrl-Enter runs, where there is more than one. */
export function statements(engine: string): Extension {
  return [engineOf.of(engine), spansField, marks];
}
