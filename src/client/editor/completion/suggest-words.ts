import { quoted } from './quoting.js';
import type { Context, Suggestion } from './suggestion.js';
import {
  CLAUSE_KEYWORDS,
  functionsOf,
  keywordCase,
  START_KEYWORDS,
  typesOf,
  VALUE_KEYWORDS,
} from './vocabulary.js';

/** Keywords that may come here, in the typist's case. */
export function keywordsFor({ place, text, typed }: Context): Suggestion[] {
  const cased = keywordCase(typed, text);
  return keywordsAt(place.kind).map((keyword) => ({ label: cased(keyword), type: 'keyword', boost: -10 }));
}

function keywordsAt(kind: Context['place']['kind']): readonly string[] {
  if (kind === 'start') return START_KEYWORDS;
  if (kind === 'operator') return CLAUSE_KEYWORDS;
  return kind === 'relation' ? ['select', 'lateral', 'only', 'values'] : VALUE_KEYWORDS;
}

/** Functions of the database, then the server's own. */
export function routines({ engine, lookup, text, typed }: Context): Suggestion[] {
  const cased = keywordCase(typed, text);
  const own = lookup.index.schemas.flatMap(({ routines: list }) =>
    list.map(([name, signature]): Suggestion => ({
      label: quoted(name, engine),
      type: 'function',
      detail: `(${signature})`,
      boost: 2,
    })),
  );
  // A function is written as the keywords are only by those who shout all of them.
  const builtIn = functionsOf(engine).map((name): Suggestion => ({
    label: /[a-z]/.test(typed) ? name : cased(name),
    type: 'function',
    boost: -2,
  }));
  return [...own, ...builtIn];
}

export function types({ engine, text, typed }: Context): Suggestion[] {
  const cased = keywordCase(typed, text);
  return typesOf(engine).map((name) => ({ label: /[a-z]/.test(typed) ? name : cased(name), type: 'type' }));
}

/** Names that the select list gives, for ORDER BY, GROUP BY and HAVING. */
export function selectAliases({ before, engine, scope }: Context): Suggestion[] {
  if (!/\b(?:by|having)\b[^()]*$/i.test(before)) return [];
  const items = scope?.items ?? [];
  return items.flatMap((item) => {
    const [as, name] = item.slice(-2);
    if (as?.key !== 'as' || name === undefined) return [];
    return [{ label: quoted(name.text, engine), type: 'alias', detail: 'result', boost: 62 } as const];
  });
}
