import { MariaSQL, PostgreSQL, SQLite, type SQLDialect } from '@codemirror/lang-sql';
import { LanguageSupport } from '@codemirror/language';
import { Compartment, type Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

const DIALECTS: Readonly<Record<string, SQLDialect>> = {
  postgres: PostgreSQL,
  mysql: MariaSQL,
  sqlite: SQLite,
};

const slot = new Compartment();

export function dialectOf(engine: string): SQLDialect | undefined {
  return DIALECTS[engine];
}

/** Highlighting by the engine's dialect; what is no SQL comes a moment later, with a script of its own. */
export function language(engine: string): Extension {
  const dialect = dialectOf(engine);
  return slot.of(dialect === undefined ? [] : new LanguageSupport(dialect.language));
}

export async function loadLanguage(view: EditorView, engine: string): Promise<void> {
  if (dialectOf(engine) !== undefined) return;
  const { javascript } = await import('@codemirror/lang-javascript');
  view.dispatch({ effects: slot.reconfigure(javascript()) });
}
