interface EditorModule {
  upgradeEditor(field: HTMLTextAreaElement): void;
}

/**
 * Gives textarea[data-editor] an editor, also those that a swap brings in. The attribute is the address of the script,
 * which pages without an editor never load; without it, or without any script, the textarea is what one types in.
 */
export function editors(): void {
  upgradeAll();
  document.addEventListener('htmx:after:swap', upgradeAll);
}

function upgradeAll(): void {
  for (const field of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-editor]')) {
    const { editor = '' } = field.dataset;
    delete field.dataset['editor'];
    import(editor).then(
      (module: EditorModule) => {
        if (field.isConnected) module.upgradeEditor(field);
      },
      () => {
        field.dataset['editorMissing'] = '';
      },
    );
  }
}
