import type {
  CatalogColumn,
  CatalogRoutine,
  CatalogSchema,
  CatalogTable,
  EngineKind,
} from '../../../engines/engine.js';
import { quoteName, quotePath } from '../../../engines/identifiers.js';
import { branchName, type Branch } from './branch.js';
import type { SchemaMatch } from './schema-search.js';
import type { TreeActs, TreeBranch, TreeNode } from './schema-tree.view.js';

/** What every line needs to know of its database. */
export interface TreeContext {
  readonly databaseId: string;
  readonly engine: EngineKind;
}

const NOTHING = { hit: null, mark: null, rows: null, insert: null, open: false, branch: null } as const;
const LEAF = { ...NOTHING, children: null, acts: null } as const;

export function schemaNode(
  context: TreeContext,
  schema: CatalogSchema,
  children: TreeBranch | null,
): TreeNode {
  const branch: Branch = { kind: 'schema', schema: schema.name };
  return {
    ...LEAF,
    id: idOf(branchName(branch)),
    kind: 'schema',
    name: schema.name,
    detail: counted(schema.tables.length, 'table'),
    title: `Schema ${schema.name}`,
    insert: quoteName(context.engine, schema.name),
    open: children !== null,
    branch: children === null ? addressOf(context, branch) : null,
    children,
  };
}

export function tableNode(context: TreeContext, schema: CatalogSchema, table: CatalogTable): TreeNode {
  const branch: Branch = { kind: 'table', schema: schema.name, table: table.name };
  const { kind, estimatedRows } = table;
  const rows = kind === 'view' ? null : estimatedRows;
  const estimate = rows === null ? '' : ', the number of rows is the server’s estimate';
  return {
    ...LEAF,
    id: idOf(branchName(branch)),
    kind,
    name: table.name,
    detail: kind === 'table' ? '' : kind,
    rows: kind === 'table' ? rows : null,
    title: `${schema.name}.${table.name}: ${kind}${estimate}`,
    insert: quotePath(context.engine, schema.name, table.name),
    branch: addressOf(context, branch),
    acts: actsOf(context, schema.name, table),
  };
}

/** Columns first, then what else belongs to the table, each kind folded. */
export function tableChildren(
  context: TreeContext,
  schema: string,
  table: CatalogTable,
): readonly TreeNode[] {
  const place = branchName({ kind: 'table', schema, table: table.name });
  const group = groupOf(place);
  return [
    ...table.columns.map((column) => columnNode(context, place, table, column)),
    ...group('Foreign keys', table.foreignKeys, (key) => ({
      name: key.columns.join(', '),
      detail: `→ ${key.referencedTable}`,
      title: `${key.name}: refers to ${key.referencedTable} (${key.referencedColumns.join(', ')})`,
      insert: quotePath(context.engine, key.referencedSchema, key.referencedTable),
    })),
    ...group('Indexes', table.indexes, (index) => ({
      name: index.name,
      detail: index.primary ? 'primary' : index.unique ? 'unique' : '',
      title: index.definition,
      insert: quoteName(context.engine, index.name),
    })),
    ...group('Triggers', table.triggers, (trigger) => ({
      name: trigger.name,
      detail: '',
      title: trigger.definition,
      insert: null,
    })),
  ];
}

export function columnNode(
  { engine }: TreeContext,
  place: string,
  table: CatalogTable,
  column: CatalogColumn,
): TreeNode {
  const { name, type, nullable, primaryKey } = column;
  const foreign = table.foreignKeys.find((key) => key.columns.includes(name));
  const target = foreign === undefined ? '' : `, refers to ${foreign.referencedTable}`;
  const standard = column.default === null ? '' : `, default ${column.default}`;
  return {
    ...LEAF,
    id: idOf(`${place}/${encodeURIComponent(name)}`),
    kind: 'column',
    name,
    mark: primaryKey ? 'PK' : foreign === undefined ? '' : 'FK',
    detail: foreign === undefined || primaryKey ? type : `→ ${foreign.referencedTable}`,
    title: `${name} ${type}${nullable ? '' : ', not null'}${standard}${primaryKey ? ', primary key' : ''}${target}`,
    insert: quoteName(engine, name),
  };
}

export function routinesNode(context: TreeContext, schema: CatalogSchema): TreeNode[] {
  if (schema.routines.length === 0) return [];
  const branch: Branch = { kind: 'routines', schema: schema.name };
  return [
    {
      ...LEAF,
      id: idOf(branchName(branch)),
      kind: 'group',
      name: 'Functions',
      detail: String(schema.routines.length),
      title: `Functions and procedures of ${schema.name}`,
      branch: addressOf(context, branch),
    },
  ];
}

export function routineNode(
  { engine }: TreeContext,
  schema: string,
  routine: CatalogRoutine,
  number: number,
): TreeNode {
  const place = branchName({ kind: 'routines', schema });
  return {
    ...LEAF,
    // Names of routines are not unique.
    id: idOf(`${place}/${String(number)}`),
    kind: routine.kind,
    name: routine.name,
    detail: routine.returns ?? routine.kind,
    title: `${routine.kind} ${routine.name}(${routine.arguments})`,
    insert: `${quotePath(engine, schema, routine.name)}()`,
  };
}

export function matchNode(context: TreeContext, match: SchemaMatch, length: number): TreeNode {
  const { schema, table, column, at } = match;
  const place = branchName({ kind: 'table', schema: schema.name, table: table.name });
  const node =
    column === null ? tableNode(context, schema, table) : columnNode(context, place, table, column);
  const hit = {
    before: node.name.slice(0, at),
    match: node.name.slice(at, at + length),
    after: node.name.slice(at + length),
  };
  if (column === null) return { ...node, hit };
  return { ...node, hit: { ...hit, before: `${table.name}.${hit.before}` }, mark: null, detail: column.type };
}

function actsOf({ databaseId }: TreeContext, schema: string, { kind, name }: CatalogTable): TreeActs {
  const of = new URLSearchParams({ databaseId, schema });
  const table = new URLSearchParams({ databaseId, schema, table: name });
  return {
    data: `/queries/sample-data/${encodeURIComponent(name)}?${of.toString()}`,
    definition: kind === 'table' ? `/queries/schema/definition?${table.toString()}` : null,
  };
}

/** Things of one kind under a line of their own, which is missing when there are none. */
function groupOf(place: string) {
  return <T>(
    name: string,
    things: readonly T[],
    line: (thing: T) => Pick<TreeNode, 'name' | 'detail' | 'title' | 'insert'>,
  ): TreeNode[] => {
    if (things.length === 0) return [];
    const key = `${place}/${name.toLowerCase().replace(' ', '-')}`;
    const kind = name.toLowerCase().replace(/s$/, '');
    const nodes = things.map((thing, index) => ({
      ...LEAF,
      id: idOf(`${key}/${String(index)}`),
      kind,
      ...line(thing),
    }));
    const children = { id: branchId(key), nodes, more: null, empty: '' };
    const detail = String(things.length);
    return [{ ...LEAF, id: idOf(key), kind: 'group', name, detail, title: name, children }];
  };
}

export function addressOf({ databaseId }: TreeContext, branch: Branch, after = 0): string {
  const query = new URLSearchParams({ databaseId, branch: branchName(branch) });
  if (after > 0) query.set('after', String(after));
  return `/queries/schema/tree?${query.toString()}`;
}

function counted(count: number, one: string): string {
  return `${String(count)} ${count === 1 ? one : `${one}s`}`;
}

export const branchId = (key: string): string => `branch-${key}`;
const idOf = (key: string): string => `node-${key}`;
