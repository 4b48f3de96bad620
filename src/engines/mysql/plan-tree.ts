import type { Plan, PlanDetail, PlanNode } from '../plan.js';

type Json = Readonly<Record<string, unknown>>;

/** Keys whose objects belong to their node instead of being one. */
const FACTS: ReadonlySet<string> = new Set(['cost_info', 'r_engine_stats', 'query_optimization']);

/** What the node itself says in fields of its own, so that it is no detail. */
const KNOWN: ReadonlySet<string> = new Set([
  'table_name',
  'access_type',
  'key',
  'attached_condition',
  'rows',
  'rows_examined_per_scan',
  'r_rows',
  'r_output_rows',
  'r_loops',
  'r_filtered',
  'r_total_time_ms',
  'r_table_time_ms',
  'r_other_time_ms',
  'cost',
  'message',
]);

/** Nodes that only hold others together. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'query_block',
  'materialized',
  'materialized_from_subquery',
  'read_sorted_file',
]);

/** Reads EXPLAIN FORMAT=JSON of MySQL and MariaDB, and MariaDB's ANALYZE FORMAT=JSON. */
export function readPlan(answer: string, analysed: boolean): Plan {
  const whole = JSON.parse(answer) as Json;
  const block = objectOf(whole['query_block']);
  return {
    root: unwrapped('query_block', block),
    analysed,
    planningMs: numberOf(objectOf(whole['query_optimization'])['r_total_time_ms']),
    executionMs: numberOf(block['r_total_time_ms']),
    raw: { format: 'json', text: answer },
  };
}

function nodeOf(key: string, value: Json): PlanNode {
  const children = childrenOf(value);
  const access = textOf(value['access_type']);
  const loops = numberOf(value['r_loops']);
  const actualRows = numberOf(value['r_rows']) ?? numberOf(value['r_output_rows']);
  return {
    operation: access ?? textOf(value['message']) ?? key.replaceAll('_', ' '),
    object: textOf(value['table_name']),
    access: accessOf(access),
    index: textOf(value['key']),
    filter: textOf(value['attached_condition']),
    startupCost: null,
    totalCost: costOf(value),
    estimatedRows: numberOf(value['rows']) ?? numberOf(value['rows_examined_per_scan']),
    actualRows,
    loops,
    actualMs: timeOf(value, children),
    rowsRemoved: removedOf(value, actualRows),
    spilled: (numberOf(value['r_sort_passes']) ?? 0) > 0,
    details: detailsOf(value),
    children,
  };
}

/** `ALL` and `index` read the whole of a table or of an index. */
function accessOf(type: string | null): PlanNode['access'] {
  if (type === null || type === 'system') return null;
  return type === 'ALL' || type === 'index' ? 'full' : 'index';
}

function childrenOf(value: Json): PlanNode[] {
  return Object.entries(value).flatMap(([key, child]) => {
    if (FACTS.has(key)) return [];
    if (Array.isArray(child)) return listOf(key, child);
    return isObject(child) ? [unwrapped(key, child)] : [];
  });
}

/** The steps of a list; a join is a step of its own. Names in lists are details. */
function listOf(key: string, list: readonly unknown[]): PlanNode[] {
  const nodes = list.filter(isObject).flatMap((entry) => childrenOf(entry));
  if (key !== 'nested_loop' || nodes.length < 2) return nodes;
  return [{ ...nodeOf(key, {}), children: nodes, actualMs: sum(nodes) }];
}

function unwrapped(key: string, value: Json): PlanNode {
  const node = nodeOf(key, value);
  const [only] = node.children;
  if (!WRAPPERS.has(key) || node.children.length !== 1 || only === undefined) return node;
  return { ...only, totalCost: only.totalCost ?? node.totalCost };
}

function costOf(value: Json): number | null {
  const info = objectOf(value['cost_info']);
  const whole = numberOf(value['cost']) ?? numberOf(info['query_cost']) ?? numberOf(info['sort_cost']);
  if (whole !== null) return whole;
  const [read, evaluation] = [numberOf(info['read_cost']), numberOf(info['eval_cost'])];
  return read === null || evaluation === null ? null : read + evaluation;
}

/** Milliseconds over all loops, what is below included. */
function timeOf(value: Json, children: readonly PlanNode[]): number | null {
  const [table, other] = [numberOf(value['r_table_time_ms']), numberOf(value['r_other_time_ms'])];
  if (table !== null) return table + (other ?? 0) + (sum(children) ?? 0);
  const own = numberOf(value['r_total_time_ms']);
  const below = sum(children);
  // The time of a sort is without that of its rows.
  return own === null ? below : Math.max(own, below ?? 0);
}

function sum(nodes: readonly PlanNode[]): number | null {
  const times = nodes.flatMap(({ actualMs }) => (actualMs === null ? [] : [actualMs]));
  return times.length === 0 ? null : times.reduce((total, time) => total + time, 0);
}

function removedOf(value: Json, rows: number | null): number | null {
  const filtered = numberOf(value['r_filtered']);
  return rows === null || filtered === null ? null : Math.round(rows * (1 - filtered / 100));
}

function detailsOf(value: Json): PlanDetail[] {
  return Object.entries(value).flatMap(([name, entry]) => {
    if (KNOWN.has(name)) return [];
    const text = Array.isArray(entry) ? namesIn(entry) : scalar(entry);
    return text === null ? [] : [{ name: name.replaceAll('_', ' '), value: text }];
  });
}

function namesIn(list: readonly unknown[]): string | null {
  const names = list.flatMap((entry) => scalar(entry) ?? []);
  return names.length === list.length && names.length > 0 ? names.join(', ') : null;
}

function scalar(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}
