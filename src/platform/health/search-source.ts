import type { Actor } from '../access/actor.js';
import type { Permission } from '../access/permissions.js';

export interface SearchHit {
  readonly label: string;
  /** What tells it apart from others of the name; null where the label says all. */
  readonly detail: string | null;
  readonly href: string;
}

/** A kind of thing that the search over everything finds. */
export interface SearchSource {
  readonly group: string;
  /** Name of a file in public/icons, without the extension. */
  readonly icon: string;
  /** Lower stands higher. */
  readonly order: number;
  /** Asked only for actors with this permission. */
  readonly permission: Permission;
  /** The best first, only what the actor may see; for an empty query what they are likely to want. Must be quick. */
  find(actor: Actor, query: string, limit: number): Promise<readonly SearchHit[]>;
}

/** What has the query in its text: whole, at its beginning, at the beginning of a word, anywhere, in this order. */
export function bestMatches<T>(
  things: readonly T[],
  textOf: (thing: T) => string,
  query: string,
  limit: number,
): T[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return things.slice(0, limit);
  return things
    .map((thing) => ({ thing, rank: rankOf(textOf(thing).toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ thing }) => thing);
}

const NO_MATCH = 4;

function rankOf(text: string, wanted: string): number {
  const at = text.indexOf(wanted);
  if (at < 0) return NO_MATCH;
  if (at === 0) return text.length === wanted.length ? 0 : 1;
  return /[\W_]/.test(text.charAt(at - 1)) ? 2 : 3;
}
