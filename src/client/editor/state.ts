import {
  acceptCompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
  rectangularSelection,
} from '@codemirror/view';
import { language } from './language.js';
import { searching } from './searching.js';
import { theme } from './theme.js';
import { typeOver } from './typing.js';

const editing: Extension = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  EditorState.allowMultipleSelections.of(true),
  rectangularSelection(),
  crosshairCursor(),
  bracketMatching(),
  closeBrackets(),
  searching,
  indentUnit.of('  '),
  typeOver,
  theme,
];

const keys: Extension = keymap.of([
  { key: 'Tab', run: acceptCompletion },
  ...closeBracketsKeymap,
  ...completionKeymap,
  ...historyKeymap,
  ...defaultKeymap,
  indentWithTab,
]);

/** The editor of a textarea: what it says about the engine, its label and its placeholder, and what else belongs. */
export function editorState(field: HTMLTextAreaElement, own: Extension): EditorState {
  const label = field.labels[0]?.textContent ?? 'Statement';
  const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';
  return EditorState.create({
    doc: field.value,
    selection: { anchor: field.selectionStart, head: field.selectionEnd },
    extensions: [
      // Before the defaults, which know other meanings for some of our keys.
      own,
      editing,
      keys,
      language(field.dataset['engine'] ?? ''),
      placeholder(field.placeholder),
      EditorView.contentAttributes.of({ 'aria-label': label, autocapitalize: 'off', autocorrect: 'off' }),
      EditorView.cspNonce.of(nonce),
    ],
  });
}
