import { Prec, type Extension } from '@codemirror/state';
import { keymap } from '@codemirror/view';

/** Ctrl-Enter sends the form. */
export function runKeys(field: HTMLTextAreaElement): Extension {
  const run = (): boolean => {
    field.form?.requestSubmit();
    return true;
  };
  return Prec.highest(keymap.of([{ key: 'Mod-Enter', run }]));
}
