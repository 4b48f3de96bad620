import type { Catalog, CatalogTable } from '../../../engines/engine.js';
import type { Plan, PlanNode } from '../../../engines/plan.js';

/** Something worth doing about a plan, in plain words. */
export interface PlanHint {
  /** Stable: `full_scan`, `misestimate`, `spilled`, `repeated_scan`. */
  readonly code: 'full_scan' | 'misestimate' | 'spilled' | 'repeated_scan';
  readonly message: string;
  /** A statement to consider; null where there is none. */
  readonly suggestion: string | null;
}

/** Below this many rows a full scan is the right thing. */
const LARGE_ROWS = 10_000;
/** A scan that keeps at most this share of what it reads would gain from an index. */
const SELECTIVE = 0.2;
const MISESTIMATE = 10;
const REPEATED = 100;

/** What a person should know about a plan. `catalog` names the columns and indexes; null when it cannot be had. */
export function planHints({ root }: Plan, catalog: Catalog | null): PlanHint[] {
  const nodes = allNodes(root);
  const hints = nodes.flatMap((node) => [
    ...fullScan(node, catalog),
    ...repeatedScan(node),
    ...misestimate(node),
    ...spilled(node),
  ]);
  return [...new Map(hints.map((hint) => [hint.message, hint])).values()];
}

export function allNodes(root: PlanNode): PlanNode[] {
  return [root, ...root.children.flatMap(allNodes)];
}

/** `orders o` → `orders`: the alias is for people. */
export function tableName(object: string): string {
  return object.split(' ')[0] ?? object;
}

function fullScan(node: PlanNode, catalog: Catalog | null): PlanHint[] {
  if (node.access !== 'full' || node.filter === null || node.object === null) return [];
  const name = tableName(node.object);
  const table = tableIn(catalog, name);
  const { read, kept } = readBy(node, table);
  if (read < LARGE_ROWS || kept > read * SELECTIVE) return [];
  const unindexed = table === undefined ? [] : unindexedIn(node.filter, table);
  const [column] = unindexed;
  const told = `All of ${name} is read, some ${rounded(read)} rows, to keep ${rounded(kept)}.`;
  if (column === undefined) return [{ code: 'full_scan', message: told, suggestion: null }];
  return [
    {
      code: 'full_scan',
      message: `${told} No index begins with ${unindexed.join(' or ')}.`,
      suggestion: `create index on ${quoted(name)} (${quoted(column)});`,
    },
  ];
}

/** How many rows a scan reads and keeps: counted where it ran, else by the catalog's and the planner's estimate. */
function readBy(node: PlanNode, table: CatalogTable | undefined): { read: number; kept: number } {
  const kept = node.actualRows ?? node.estimatedRows ?? 0;
  return { kept, read: node.rowsRemoved === null ? (table?.estimatedRows ?? 0) : kept + node.rowsRemoved };
}

function repeatedScan(node: PlanNode): PlanHint[] {
  if (node.access !== 'full' || node.object === null || (node.loops ?? 1) < REPEATED) return [];
  const message = `All of ${tableName(node.object)} is read again for each of ${rounded(node.loops ?? 1)} outer rows: an index on the joined column would be looked up instead.`;
  return [{ code: 'repeated_scan', message, suggestion: null }];
}

function misestimate(node: PlanNode): PlanHint[] {
  const factor = misestimateOf(node);
  if (factor === null || factor < MISESTIMATE || node.object === null || node.access === null) return [];
  if (Math.max(node.estimatedRows ?? 0, node.actualRows ?? 0) < 100) return [];
  const name = tableName(node.object);
  const message = `${rounded(node.estimatedRows ?? 0)} rows of ${name} were expected and ${rounded(node.actualRows ?? 0)} came: the planner's statistics do not fit this condition.`;
  return [{ code: 'misestimate', message, suggestion: `analyze ${quoted(name)};` }];
}

function spilled(node: PlanNode): PlanHint[] {
  if (!node.spilled) return [];
  const message = `${node.operation} did not fit into memory and wrote to disk: fewer or narrower rows, or an index in the wanted order, avoid it.`;
  return [{ code: 'spilled', message, suggestion: null }];
}

/** By how much the estimate was off, at least 1; null when the statement did not run. */
export function misestimateOf({ estimatedRows, actualRows }: PlanNode): number | null {
  if (estimatedRows === null || actualRows === null) return null;
  const [low, high] = [estimatedRows, actualRows].map((rows) => Math.max(rows, 1)).sort((a, b) => a - b);
  return (high ?? 1) / (low ?? 1);
}

function tableIn(catalog: Catalog | null, name: string): CatalogTable | undefined {
  const bare = name.split('.').at(-1);
  return catalog?.schemas.flatMap(({ tables }) => tables).find((table) => table.name === bare);
}

/** Columns that a condition on the table names and that no index of it begins with. */
function unindexedIn(filter: string, table: CatalogTable): string[] {
  const words = new Set(filter.replaceAll(/'(?:[^']|'')*'/g, ' ').match(/[\p{L}_][\p{L}\p{N}_$]*/gu));
  return table.columns.map(({ name }) => name).filter((name) => words.has(name) && !isLeading(name, table));
}

function isLeading(column: string, table: CatalogTable): boolean {
  return table.indexes.some(({ definition }) => {
    const first = /\(\s*"?([^\s",)]+)/.exec(definition)?.[1];
    return first === column;
  });
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_.]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function rounded(rows: number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(rows);
}
