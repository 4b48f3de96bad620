import { Compartment, type Extension } from '@codemirror/state';
import { keymap, type EditorView } from '@codemirror/view';

const KEYS = ['Mod-f', 'F3', 'Mod-g', 'Mod-d', 'Mod-Shift-l', 'Mod-Alt-g'];

const slot = new Compartment();

/** The keys of the search panel, which comes in with the first of them. */
export const searching: Extension = slot.of(
  keymap.of(
    KEYS.map((key) => ({
      key,
      run: (view) => {
        void load(view, key);
        return true;
      },
    })),
  ),
);

async function load(view: EditorView, pressed: string): Promise<void> {
  const { searchKeys, searchPanel } = await import('./search-panel.js');
  view.dispatch({ effects: slot.reconfigure(searchPanel) });
  searchKeys.find(({ key }) => key === pressed)?.run?.(view);
}
