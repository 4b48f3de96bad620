import type { Permission } from '../access/permissions.js';

/** Who hears an event; each of them only while the session of their stream lasts. */
export type Audience =
  | { readonly tenantId: string; readonly permission?: Permission }
  | { readonly podId: string }
  | { readonly membershipId: string }
  | { readonly accountId: string };

/** What an event carries: names of things, never their content. `id` also gives the event a name of its own in pages. */
export type LiveData = Readonly<Record<string, string | number | boolean | null>>;

/**
 * A kind of event. It is a hint that something changed: whoever hears it asks for the new state with their own rights,
 * so it may be delivered twice, and one that was missed is made up for by asking again.
 *
 * In pages `new LiveEvent<{ id: string }>('database')` becomes the DOM events `live-database` and `live-database-<id>`
 * on the body: `hx-trigger="live-database-{{id}} from:body"`.
 */
export class LiveEvent<D extends LiveData> {
  constructor(readonly name: string) {
    if (!/^[a-z][a-z-]*$/.test(name)) throw new Error(`${name} is no name for an event.`);
  }

  /** The data as it travels. */
  encode(data: D): string {
    const text = JSON.stringify(data);
    if (Buffer.byteLength(text) > MAX_DATA) throw new Error(`The data of a ${this.name} event is too long.`);
    return text;
  }
}

const MAX_DATA = 1000;

/** An event on its way: to whom, which further permission it takes, what it is called, its data as JSON. */
export type LiveLine = readonly [key: string, permission: string | null, name: string, data: string];

/** The name under which the streams of an audience are found. */
export function keyOf(audience: Audience): string {
  if ('tenantId' in audience) return `tenant:${audience.tenantId}`;
  if ('podId' in audience) return `pod:${audience.podId}`;
  if ('membershipId' in audience) return `membership:${audience.membershipId}`;
  return `account:${audience.accountId}`;
}
