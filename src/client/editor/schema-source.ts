import type { Extension } from '@codemirror/state';
import { ViewPlugin } from '@codemirror/view';
import { NO_SCHEMA, type SchemaIndex } from '../../engines/schema-index.js';
import { checkedField } from './checked.js';
import { databaseOf } from './checking.js';
import { SchemaLookup } from './completion/lookup.js';

/** The schema of the database at hand; browsers keep it, and ask again only for what has changed. */
export class SchemaSource {
  lookup = new SchemaLookup(NO_SCHEMA);

  constructor(private readonly field: HTMLTextAreaElement) {}

  /** Loads it with the editor, and again after a run that may have changed it or started the database. */
  readonly watcher: Extension = ViewPlugin.define(({ state }) => {
    let { statements } = state.field(checkedField);
    const again = () => {
      const changed = statements.some(({ class: kind }) => kind === 'ddl');
      if (changed || this.lookup.index.version === '') void this.load(changed ? 'reload' : 'no-cache');
    };
    void this.load('default');
    document.body.addEventListener('run-ended', again);
    return {
      update: (update) => {
        ({ statements } = update.state.field(checkedField));
      },
      destroy: () => {
        document.body.removeEventListener('run-ended', again);
      },
    };
  });

  private async load(cache: RequestCache): Promise<void> {
    const databaseId = databaseOf(this.field);
    if (databaseId === '') return;
    const address = `/queries/schema-index?databaseId=${encodeURIComponent(databaseId)}`;
    const answer = await fetch(address, { headers: { accept: 'application/json' }, cache }).catch(() => null);
    if (answer?.ok !== true) return;
    const index = (await answer.json()) as SchemaIndex;
    if (index.version !== this.lookup.index.version) this.lookup = new SchemaLookup(index);
  }
}
