/** A place in the tree: the root, a schema, its routines, or a table. */
export type Branch =
  | { readonly kind: 'root' }
  | { readonly kind: 'schema'; readonly schema: string }
  | { readonly kind: 'routines'; readonly schema: string }
  | { readonly kind: 'table'; readonly schema: string; readonly table: string };

/** The place as one word that stands in addresses and ids: `table:public/orders`. */
export function branchName(branch: Branch): string {
  if (branch.kind === 'root') return 'root';
  const parts = branch.kind === 'table' ? [branch.schema, branch.table] : [branch.schema];
  return `${branch.kind}:${parts.map(encodeURIComponent).join('/')}`;
}

/** Undefined for what is no place. */
export function branchOf(name: string): Branch | undefined {
  if (name === 'root') return { kind: 'root' };
  const [, kind, first, second] = /^(schema|routines|table):([^/]+)(?:\/([^/]+))?$/.exec(name) ?? [];
  const schema = decoded(first);
  const table = decoded(second);
  if (schema === undefined || (kind === 'table') !== (second !== undefined)) return undefined;
  if (kind === 'table') return table === undefined ? undefined : { kind, schema, table };
  return { kind: kind === 'routines' ? 'routines' : 'schema', schema };
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
