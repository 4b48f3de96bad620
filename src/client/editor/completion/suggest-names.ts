import type { SchemaLookup, NamedColumn, Table } from './lookup.js';
import { quoted } from './quoting.js';
import { relationsIn, type Relation, type Scope } from './scope.js';
import type { Context, Suggestion } from './suggestion.js';

/** Made once a schema: there may be thousands. */
const made = new WeakMap<SchemaLookup, Suggestion[]>();

/** Tables and views, queries of WITH before them, schemas behind them. */
export function tables({ engine, lookup, scope }: Context): Suggestion[] {
  let all = made.get(lookup);
  if (all === undefined) {
    all = [
      ...lookup.tables.map((table) => tableSuggestion(table, engine, lookup)),
      ...schemas(lookup, engine),
    ];
    made.set(lookup, all);
  }
  return [...namedQueries(scope, engine), ...all];
}

function tableSuggestion(table: Table, engine: string, lookup: SchemaLookup): Suggestion {
  const own = lookup.isDefault(table.schema);
  const name = quoted(table.name, engine);
  return {
    label: own ? name : `${quoted(table.schema, engine)}.${name}`,
    type: table.kind === 'v' || table.kind === 'm' ? 'view' : 'table',
    boost: own ? 10 : 0,
  };
}

function schemas(lookup: SchemaLookup, engine: string): Suggestion[] {
  return lookup.index.schemas.map(({ name }) => ({ label: quoted(name, engine), type: 'schema', boost: -5 }));
}

function namedQueries(scope: Scope | null, engine: string): Suggestion[] {
  const found: Suggestion[] = [];
  for (let at = scope; at !== null; at = at.outer) {
    for (const { label } of at.named)
      found.push({ label: quoted(label, engine), type: 'query', detail: 'with', boost: 40 });
  }
  return found;
}

/** Columns behind `o.`, `orders.` or `public.orders.` */
export function memberColumns({ engine, lookup, place, scope }: Context): Suggestion[] {
  if (place.kind !== 'member') return [];
  const [name = '', schema = null] = [...place.path].reverse();
  const relation = schema === null ? named(relationsIn(scope), name) : undefined;
  if (relation !== undefined) return suggestionsOf(lookup.relationColumns(relation, scope), engine);
  const table = lookup.find(schema, name);
  return table === undefined ? [] : suggestionsOf(lookup.columnsOf(table), engine);
}

function named(relations: readonly Relation[], name: string): Relation | undefined {
  return relations.find(({ label }) => label.toLowerCase() === name.toLowerCase());
}

function suggestionsOf(columns: readonly NamedColumn[], engine: string): Suggestion[] {
  return columns.map(({ name, type, primaryKey }, index) => ({
    label: quoted(name, engine),
    type: 'column',
    detail: primaryKey ? `${type}, key` : type,
    boost: Math.max(-99, 50 - index),
  }));
}

/** Tables behind `schema.` */
export function memberTables({ engine, lookup, place }: Context): Suggestion[] {
  if (place.kind !== 'member' || place.path.length !== 1) return [];
  const schema = place.path[0]?.toLowerCase();
  return lookup.tables
    .filter((table) => table.schema.toLowerCase() === schema)
    .map((table) => ({
      ...tableSuggestion(table, engine, lookup),
      label: quoted(table.name, engine),
      boost: 0,
    }));
}

/** Columns of the table in INSERT INTO t (…) that do not stand there yet. */
export function targetColumns({ engine, lookup, place }: Context): Suggestion[] {
  if (place.kind !== 'target') return [];
  const table = lookup.find(place.path.at(-2) ?? null, place.path.at(-1) ?? '');
  if (table === undefined) return [];
  const there = new Set(place.named.map((name) => name.toLowerCase()));
  return suggestionsOf(lookup.columnsOf(table), engine).filter(
    ({ label }) => !there.has(label.toLowerCase()),
  );
}

/** Columns of everything in FROM, the innermost query's first; those of several tables with the table's name. */
export function scopeColumns({ engine, lookup, scope }: Context): Suggestion[] {
  const relations = relationsIn(scope);
  const columns = relations.flatMap((relation) => {
    const own = scope?.relations.includes(relation) === true;
    return lookup.relationColumns(relation, scope).map((column) => ({ column, label: relation.label, own }));
  });
  const counts = new Map<string, number>();
  for (const { column } of columns) counts.set(column.name, (counts.get(column.name) ?? 0) + 1);
  return columns.map(({ column, label, own }, index) => {
    const name = quoted(column.name, engine);
    const shared = (counts.get(column.name) ?? 0) > 1;
    return {
      label: shared ? `${quoted(label, engine)}.${name}` : name,
      type: 'column',
      detail: shared ? column.type : `${label} ${column.type}`.trim(),
      boost: Math.max(15, (own ? 60 : 30) - Math.floor(index / 4)),
    };
  });
}
