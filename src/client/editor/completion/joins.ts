import type { Link, SchemaLookup, Table } from './lookup.js';
import { isReserved, quoted } from './quoting.js';
import { relationsIn, type Relation } from './scope.js';
import type { Context, Suggestion } from './suggestion.js';

/** `orders o ON o.customer_id = c.id` along the foreign keys of the tables that stand there, in both directions. */
export function joins({ engine, lookup, place, scope }: Context): Suggestion[] {
  if (place.kind !== 'relation' || place.join === null) return [];
  const upper = place.join.text === place.join.text.toUpperCase();
  const relations = relationsIn(scope).filter(({ from }) => from < (place.join?.from ?? 0));
  const taken = new Set(relations.map(({ label }) => label.toLowerCase()));
  const aliased = relations.some(({ alias }) => alias !== null) || relations.length === 0;
  return relations.flatMap((relation) => {
    const table = lookup.tableOf(relation, scope);
    return (table === undefined ? [] : lookup.linksOf(table)).map((link) => {
      const label =
        aliased || taken.has(link.other.name.toLowerCase())
          ? aliasFor(link.other.name, taken)
          : link.other.name;
      const name = tableName(link.other, engine, lookup);
      const head = label === link.other.name ? name : `${name} ${quoted(label, engine)}`;
      const condition = equations(label, relation.label, link, { engine, upper });
      return {
        label: `${head} ${upper ? 'ON' : 'on'} ${condition}`,
        type: 'join',
        boost: link.outward ? 80 : 75,
      } as const;
    });
  });
}

/** Right behind ON: how the table that was joined last belongs to the others. */
export function joinConditions({ before, engine, lookup, scope }: Context): Suggestion[] {
  const relations = relationsIn(scope);
  const last = lastOf(scope?.relations ?? []);
  const table = last === undefined ? undefined : lookup.tableOf(last, scope);
  if (last === undefined || table === undefined) return [];
  const upper = /\bON\s*$/.test(before);
  return lookup.linksOf(table).flatMap((link) =>
    relations
      .filter((relation) => relation !== last && lookup.tableOf(relation, scope) === link.other)
      .map((relation) => ({
        label: equations(relation.label, last.label, link, { engine, upper }),
        type: 'join',
        boost: 90,
      })),
  );
}

function lastOf(relations: readonly Relation[]): Relation | undefined {
  return relations.reduce<Relation | undefined>(
    (last, relation) => (last === undefined || relation.from > last.from ? relation : last),
    undefined,
  );
}

/** The columns of the new table at the left, as one would write it. */
function equations(
  other: string,
  own: string,
  { columns, otherColumns }: Link,
  { engine, upper }: { engine: string; upper: boolean },
): string {
  const pair = (column: string, index: number) =>
    `${quoted(other, engine)}.${quoted(otherColumns[index] ?? '', engine)} = ` +
    `${quoted(own, engine)}.${quoted(column, engine)}`;
  return columns.map(pair).join(upper ? ' AND ' : ' and ');
}

function tableName({ schema, name }: Table, engine: string, lookup: SchemaLookup): string {
  return lookup.isDefault(schema)
    ? quoted(name, engine)
    : `${quoted(schema, engine)}.${quoted(name, engine)}`;
}

/** `order_lines` → `ol`, `orderLines` → `ol`; numbered where that is taken or a word of its own. */
function aliasFor(name: string, taken: ReadonlySet<string>): string {
  const parts = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .match(/\p{L}[\p{L}\p{N}]*/gu) ?? ['t'];
  const initials = parts.map((part) => part.charAt(0)).join('');
  let alias = initials;
  for (let number = 2; taken.has(alias) || isReserved(alias); number += 1)
    alias = `${initials}${String(number)}`;
  return alias;
}
