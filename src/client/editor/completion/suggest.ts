import { joinConditions, joins } from './joins.js';
import type { SchemaLookup } from './lookup.js';
import { isSilent, placeAt, wordAt, type Place } from './place.js';
import { inQuotes, quoted } from './quoting.js';
import { readScopes } from './scope-reader.js';
import { relationsIn, scopeAround } from './scope.js';
import { memberColumns, memberTables, scopeColumns, tables, targetColumns } from './suggest-names.js';
import { keywordsFor, routines, selectAliases, types } from './suggest-words.js';
import type { Context, Language, Suggestion, Suggestions } from './suggestion.js';
import { readWords, type Word } from './words.js';

/** What may come at a place of a statement; null inside of strings, comments and numbers. */
export function suggest(
  text: string,
  at: number,
  { engine, lexis }: Language,
  lookup: SchemaLookup,
): Suggestions | null {
  if (isSilent(text, at, lexis)) return null;
  const words = readWords(text, lexis);
  const current = wordAt(words, at);
  const from = current?.from ?? at;
  const place = placeAt(words, from);
  const scope = scopeAround(readScopes(words, text.length), from);
  const typed = text.slice(from, at);
  const before = text.slice(0, from);
  const context: Context = { engine, text, before, typed, place, scope, lookup };
  const list = suggestionsFor(context);
  return { from, to: endOf(current, at), list: current?.kind === 'name' ? quotedOnes(list, engine) : list };
}

/** A quoted name is replaced with its closing quote, a plain word only up to the cursor. */
function endOf(current: Word | undefined, at: number): number {
  return current?.kind === 'name' && !current.open ? current.to : at;
}

const MAKERS: Readonly<Record<Place['kind'], (context: Context) => Suggestion[]>> = {
  start: keywordsFor,
  operator: keywordsFor,
  type: types,
  relation: (context) => [...joins(context), ...tables(context), ...keywordsFor(context)],
  member: (context) => [...memberColumns(context), ...memberTables(context)],
  target: targetColumns,
  condition: (context) => [...joinConditions(context), ...expressions(context)],
  expression: (context) => expressions(context),
};

function suggestionsFor(context: Context): Suggestion[] {
  return MAKERS[context.place.kind](context);
}

function expressions(context: Context): Suggestion[] {
  const aliases = relationsIn(context.scope).map(({ label }): Suggestion => ({
    label: quoted(label, context.engine),
    type: 'alias',
    boost: 5,
  }));
  return [
    ...scopeColumns(context),
    ...selectAliases(context),
    ...aliases,
    ...routines(context),
    ...keywordsFor(context),
  ];
}

/** Behind an opening quote only names make sense, in quotes. */
function quotedOnes(list: readonly Suggestion[], engine: string): Suggestion[] {
  return list
    .filter(({ type }) => type !== 'keyword' && type !== 'function' && type !== 'join' && type !== 'type')
    .map((suggestion) => {
      const { label } = suggestion;
      const bare = /^["`]/.test(label) ? label : inQuotes(label, engine);
      return { ...suggestion, label: bare, apply: bare };
    });
}
