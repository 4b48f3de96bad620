/** A node of libpg-query's tree: `{ SelectStmt: { … } }`, or the fields of one. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The type and the fields of a tagged node; undefined for anything else. */
export function tagged(value: unknown): readonly [string, Fields] | undefined {
  if (!isFields(value)) return undefined;
  const [entry, ...rest] = Object.entries(value);
  if (entry === undefined || rest.length > 0 || !/^[A-Z]/.test(entry[0]) || !isFields(entry[1]))
    return undefined;
  return [entry[0], entry[1]];
}

/**
 * Every node below and including this one; some are not tagged with their type where the grammar leaves no choice.
 * Iterative: a tree may be deeper than the stack.
 */
export function* nodesOf(root: unknown): Generator<readonly [string, Fields]> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (isFields(value)) yield tagged(value) ?? ['', value];
    for (const inner of Object.values(value)) waiting.push(inner);
  }
}

/** The names in a list of String nodes: `pg_catalog`, `now`. */
export function namesIn(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const [type, fields] = tagged(item) ?? [];
    const name = type === 'String' ? fields?.['sval'] : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

/** The options of a statement in parentheses, by lower-case name. */
export function optionsOf(list: unknown): Map<string, unknown> {
  const options = new Map<string, unknown>();
  if (!Array.isArray(list)) return options;
  for (const item of list) {
    const [type, fields] = tagged(item) ?? [];
    if (type === 'DefElem' && fields !== undefined) options.set(textOf(fields, 'defname'), fields['arg']);
  }
  return options;
}
