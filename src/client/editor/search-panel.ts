import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { keymap, type KeyBinding } from '@codemirror/view';

/** Search and replace, go to a line, choose what is the same: loaded when one of its keys is first pressed. */
export const searchPanel: Extension = [
  search({ top: true }),
  highlightSelectionMatches({ minSelectionLength: 2 }),
  keymap.of(searchKeymap),
];

export const searchKeys: readonly KeyBinding[] = searchKeymap;
