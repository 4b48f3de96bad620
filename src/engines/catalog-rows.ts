import { createHash } from 'node:crypto';
import type { Catalog } from './engine.js';

/** A row of a question to the server's own catalog, every cell as text. */
export type Cells = readonly (string | null)[];

export const text = (cell: string | null | undefined): string => cell ?? '';

/** Rows by their first cell, the rest made into something. */
export function byFirst<T>(rows: readonly Cells[], make: (rest: Cells) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [first, ...rest] of rows) {
    const key = text(first);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [make(rest)]);
    else group.push(make(rest));
  }
  return groups;
}

/** The same schema has the same version; estimates move all the time and do not count. */
export function versionOf(schemas: Catalog['schemas']): string {
  const content = JSON.stringify(schemas, (key, value: unknown) =>
    key === 'estimatedRows' ? undefined : value,
  );
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}
