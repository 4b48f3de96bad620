import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { EditorState, Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { lexisOf } from '../../engines/lexis.js';
import { suggest } from './completion/suggest.js';
import type { Suggestion } from './completion/suggestion.js';
import { SchemaSource } from './schema-source.js';
import { statementSpan } from './statements.js';

const WORD = /^[\p{L}\p{N}_$"`]*$/u;
const ENDS_WITH_WORD = /[\p{L}\p{N}_$"`]$/u;
/** Where a list may open before anything of a word has been typed. */
const LEADS_ON = /(?:\.|\bjoin\s+|\bon\s+)$/i;

const LIST = { icons: true, activateOnTypingDelay: 30, maxRenderedOptions: 60 } as const;

/** Proposes what may come next, from the schema that was sent once: no key asks the server. */
export function completing(field: HTMLTextAreaElement): Extension {
  const { engine = '' } = field.dataset;
  const lexis = lexisOf(engine);
  if (lexis === null) return autocompletion(LIST);
  const schema = new SchemaSource(field);
  const source = ({ explicit, pos, state }: CompletionContext): CompletionResult | null => {
    if (!explicit && !opensAt(state, pos)) return null;
    const { from, to } = statementSpan(state, pos);
    const found = suggest(state.sliceDoc(from, to), pos - from, { engine, lexis }, schema.lookup);
    if (found === null || found.list.length === 0) return null;
    return {
      from: from + found.from,
      ...(found.to !== pos - from && { to: from + found.to }),
      options: found.list.map(completionOf),
      validFor: WORD,
    };
  };
  return [schema.watcher, autocompletion({ ...LIST, override: [source] })];
}

function opensAt(state: EditorState, pos: number): boolean {
  const before = state.sliceDoc(Math.max(0, pos - 40), pos);
  return ENDS_WITH_WORD.test(before) || LEADS_ON.test(before);
}

function completionOf(suggestion: Suggestion): Completion {
  return suggestion.type === 'function' ? { ...suggestion, apply: applyCall } : suggestion;
}

/** A function comes with its parentheses, and the cursor between them. */
function applyCall(view: EditorView, { label }: Completion, from: number, to: number): void {
  const called = view.state.sliceDoc(to, to + 1) === '(';
  view.dispatch({
    changes: { from, to, insert: called ? label : `${label}()` },
    selection: { anchor: from + label.length + 1 },
    userEvent: 'input.complete',
  });
}
