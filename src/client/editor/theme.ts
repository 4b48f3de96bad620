import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const line = '1px solid var(--line)';
const wash = (color: string, share: number) => `color-mix(in oklch, ${color} ${String(share)}%, transparent)`;

/** Everything in tokens, so that light and dark are the page's business. */
const surfaces = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface-1)' },
  '&.cm-focused': { outline: 'none' },
  // Over the gutter, which would cover an outline.
  '&.cm-focused::after': {
    content: '""',
    position: 'absolute',
    zIndex: '5',
    inset: '0',
    border: '1px solid var(--accent)',
    pointerEvents: 'none',
  },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: '0.8125rem', lineHeight: '1.6' },
  '.cm-content': { padding: 'var(--s2) 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 var(--s3) 0 var(--s2)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: wash('var(--accent)', 28),
  },
  '.cm-gutters': {
    backgroundColor: 'var(--surface-1)',
    color: 'var(--text-faint)',
    borderRight: '1px solid transparent',
  },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '34px', padding: '0 6px 0 8px' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-statement': { backgroundColor: 'color-mix(in oklch, var(--accent) 7%, transparent)' },
  '.cm-placeholder': { color: 'var(--text-faint)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: wash('var(--accent)', 22), outline: line },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--bad-wash)' },
  '.cm-selectionMatch': { backgroundColor: wash('var(--warn)', 18) },
  '.cm-searchMatch': {
    backgroundColor: wash('var(--warn)', 26),
    outline: `1px solid ${wash('var(--warn)', 50)}`,
  },
  '.cm-searchMatch-selected': { backgroundColor: wash('var(--warn)', 55) },
});

const panels = EditorView.theme({
  '.cm-panels': { backgroundColor: 'var(--surface-0)', color: 'var(--text)', zIndex: '4' },
  '.cm-panels.cm-panels-bottom': { borderTop: line },
  '.cm-panels.cm-panels-top': { borderBottom: line },
  '.cm-panel.cm-search': { padding: 'var(--s2) var(--s6) var(--s2) var(--s2)', fontSize: 'var(--size-s)' },
  '.cm-textfield': {
    border: '1px solid var(--line-control)',
    borderRadius: '4px',
    backgroundColor: 'var(--surface-1)',
    fontSize: 'inherit',
  },
  '.cm-button': {
    border: '1px solid var(--line-control)',
    borderRadius: '4px',
    backgroundColor: 'var(--surface-1)',
    backgroundImage: 'none',
    fontSize: 'inherit',
    '&:active': { backgroundColor: 'var(--surface-2)', backgroundImage: 'none' },
  },
  '.cm-panel.cm-search [name=close]': { fontSize: '1rem', color: 'inherit', cursor: 'pointer' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    backgroundColor: 'var(--surface-1)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    fontSize: 'var(--size-s)',
    maxHeight: '16em',
    maxWidth: 'min(560px, 95vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    gap: 'var(--s2)',
    padding: '2px var(--s2)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--accent-wash)',
    color: 'var(--text)',
  },
  '.cm-completionMatchedText': { color: 'var(--accent)', textDecoration: 'none', fontWeight: '600' },
  '.cm-completionDetail': { margin: '0 0 0 auto', color: 'var(--text-faint)', fontStyle: 'normal' },
  '.cm-completionIcon': { width: '1.1em', padding: '0', opacity: '1', color: 'var(--text-faint)' },
  '.cm-tooltip-lint': { padding: '0' },
  '.cm-diagnostic': { padding: 'var(--s1) var(--s3)', maxWidth: '60ch' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--accent)' },
});

const letter = (type: string, content: string) => ({
  [`.cm-completionIcon-${type}::after`]: { content: `"${content}"` },
});

/** What a proposal is, in a letter or two. */
const letters = EditorView.theme({
  ...letter('table', 'T'),
  ...letter('view', 'V'),
  ...letter('query', 'Q'),
  ...letter('schema', 'S'),
  ...letter('column', 'c'),
  ...letter('alias', 'a'),
  ...letter('join', '⋈'),
  ...letter('function', 'ƒ'),
  ...letter('keyword', ''),
  ...letter('type', 't'),
});

const style = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword],
    color: 'var(--accent)',
  },
  { tag: [tags.typeName, tags.standard(tags.name), tags.modifier], color: 'var(--accent-strong)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null, tags.literal], color: 'var(--warn)' },
  { tag: [tags.comment], color: 'var(--text-faint)', fontStyle: 'italic' },
  { tag: [tags.operator, tags.punctuation, tags.bracket, tags.separator], color: 'var(--text-soft)' },
  { tag: [tags.special(tags.name)], color: 'var(--warn)' },
]);

export const theme: Extension = [surfaces, panels, letters, syntaxHighlighting(style)];
