import { Injectable } from '@nestjs/common';
import type { Catalog, CatalogSchema, CatalogTable } from '../../../engines/engine.js';
import type { Actor } from '../../../platform/access/actor.js';
import { notFound } from '../../../platform/errors/app-error.js';
import { DatabasesService } from '../../databases/databases.service.js';
import { SchemasService } from '../schemas.service.js';
import { branchName, branchOf, type Branch } from './branch.js';
import { searchSchema } from './schema-search.js';
import type { SchemaTree, TableDefinition, TreeBranch } from './schema-tree.view.js';
import { tableDefinition } from './table-definition.js';
import {
  addressOf,
  branchId,
  matchNode,
  routineNode,
  routinesNode,
  schemaNode,
  tableChildren,
  tableNode,
  type TreeContext,
} from './tree-nodes.js';

/** Lines that are sent at once; the rest follows while somebody scrolls. */
const PAGE = 200;
const MATCHES = 100;

export interface TreeRequest {
  readonly databaseId: string;
  readonly branch?: string | undefined;
  readonly q?: string | undefined;
  readonly after?: number | undefined;
  readonly refresh?: string | undefined;
}

interface Known {
  readonly context: TreeContext;
  readonly name: string;
  /** Null while the database does not run. */
  readonly catalog: Catalog | null;
}

/** The schema of a database, place by place. */
@Injectable()
export class SchemaTreePages {
  constructor(
    private readonly databases: DatabasesService,
    private readonly schemas: SchemasService,
  ) {}

  async tree(actor: Actor, request: TreeRequest): Promise<SchemaTree> {
    const { q = '' } = request;
    const branch = branchOf(request.branch ?? 'root');
    if (branch === undefined) throw notFound('branch');
    const { context, name, catalog } = await this.known(actor, request);
    return {
      databaseId: request.databaseId,
      databaseName: name,
      running: catalog !== null,
      tables: (catalog?.schemas ?? []).reduce((sum, schema) => sum + schema.tables.length, 0),
      q,
      ...shown(context, catalog, q, branch, request.after),
    };
  }

  async definition(
    actor: Actor,
    place: { databaseId: string; schema: string; table: string },
  ): Promise<TableDefinition> {
    const { databaseId } = place;
    const { context, catalog } = await this.known(actor, { databaseId });
    const table = catalog === null ? undefined : findTable(catalog, place.schema, place.table);
    if (table?.kind !== 'table') throw notFound('table');
    const sql = tableDefinition(context.engine, place.schema, table);
    return { databaseId, name: `${place.schema}.${table.name}`, sql };
  }

  private async known(actor: Actor, { databaseId, refresh }: TreeRequest): Promise<Known> {
    const { record } = await this.databases.get(actor, databaseId);
    const context = { databaseId, engine: record.engine };
    const target = await this.databases.targetIfRunning(actor, databaseId);
    if (target === null) return { context, name: record.name, catalog: null };
    const catalog =
      refresh === undefined
        ? await this.schemas.recent(target)
        : await this.schemas.describe(actor, databaseId);
    return { context, name: record.name, catalog };
  }
}

function shown(
  context: TreeContext,
  catalog: Catalog | null,
  q: string,
  branch: Branch,
  after = 0,
): TreeBranch {
  if (catalog === null) return STOPPED;
  return q.trim() === '' ? branchIn(context, catalog, branch, after) : matches(context, catalog, q);
}

const STOPPED: TreeBranch = {
  id: branchId('root'),
  nodes: [],
  more: null,
  empty: 'The database does not run. Its tables are shown here as soon as it does; a run starts it.',
};

function branchIn(context: TreeContext, catalog: Catalog, branch: Branch, after: number): TreeBranch {
  if (branch.kind === 'root') return root(context, catalog);
  const schema = catalog.schemas.find(({ name }) => name === branch.schema);
  if (schema === undefined) throw notFound('schema');
  if (branch.kind === 'schema') return tablesOf(context, schema, after);
  if (branch.kind === 'routines') {
    return sliced(context, branch, schema.routines, after, (routine, index) =>
      routineNode(context, schema.name, routine, index),
    );
  }
  const table = findTable(catalog, branch.schema, branch.table);
  if (table === undefined) throw notFound('table');
  const nodes = tableChildren(context, schema.name, table);
  return { id: branchId(branchName(branch)), nodes, more: null, empty: 'It has no columns.' };
}

/** One schema opens by itself, and so does the one that everybody means who names none. */
function root(context: TreeContext, catalog: Catalog): TreeBranch {
  const { schemas } = catalog;
  const nodes = schemas.map((schema) => {
    const opens = schemas.length === 1 || schema.name === 'public' || schema.name === 'main';
    return schemaNode(context, schema, opens ? tablesOf(context, schema, 0) : null);
  });
  return { id: branchId('root'), nodes, more: null, empty: 'There is nothing in this database yet.' };
}

function tablesOf(context: TreeContext, schema: CatalogSchema, after: number): TreeBranch {
  const place: Branch = { kind: 'schema', schema: schema.name };
  const branch = sliced(context, place, schema.tables, after, (table) => tableNode(context, schema, table));
  if (branch.more !== null) return branch;
  return { ...branch, nodes: [...branch.nodes, ...routinesNode(context, schema)] };
}

function sliced<T>(
  context: TreeContext,
  branch: Branch,
  things: readonly T[],
  after: number,
  node: (thing: T, index: number) => TreeBranch['nodes'][number],
): TreeBranch {
  const end = after + PAGE;
  const left = Math.max(0, things.length - end);
  const name = branchName(branch);
  return {
    id: branchId(after === 0 ? name : `${name}/${String(after)}`),
    nodes: things.slice(after, end).map((thing, index) => node(thing, after + index)),
    more: left === 0 ? null : { href: addressOf(context, branch, end), left },
    empty: 'There is nothing in it.',
  };
}

function matches(context: TreeContext, catalog: Catalog, q: string): TreeBranch {
  const found = searchSchema(catalog, q, MATCHES);
  const length = q.trim().length - q.trim().lastIndexOf('.') - 1;
  const nodes = found.map((match) => matchNode(context, match, length));
  const empty = `No table or column has “${q.trim()}” in its name.`;
  return { id: branchId('search'), nodes, more: null, empty };
}

function findTable(catalog: Catalog, schema: string, table: string): CatalogTable | undefined {
  return catalog.schemas.find(({ name }) => name === schema)?.tables.find(({ name }) => name === table);
}
