import type { Plan, PlanDetail, PlanNode } from '../plan.js';

type Fields = Readonly<Record<string, unknown>>;

const FULL: ReadonlySet<string> = new Set(['Seq Scan', 'Sample Scan', 'Foreign Scan']);
const BY_INDEX: ReadonlySet<string> = new Set([
  'Index Scan',
  'Index Only Scan',
  'Bitmap Heap Scan',
  'Tid Scan',
]);
const AGGREGATES: Readonly<Record<string, string>> = {
  Hashed: 'HashAggregate',
  Sorted: 'GroupAggregate',
  Mixed: 'MixedAggregate',
};
/** What has a field of its own in PlanNode, or says nothing to a person. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'Node Type',
  'Relation Name',
  'Alias',
  'Schema',
  'Operation',
  'Join Type',
  'Strategy',
  'Partial Mode',
  'CTE Name',
  'Function Name',
  'Parent Relationship',
  'Index Name',
  'Filter',
  'Startup Cost',
  'Total Cost',
  'Plan Rows',
  'Plan Width',
  'Actual Rows',
  'Actual Loops',
  'Actual Startup Time',
  'Actual Total Time',
  'Rows Removed by Filter',
  'Plans',
  'Parallel Aware',
  'Async Capable',
  'Disabled',
]);

/** Reads the answer of EXPLAIN (FORMAT JSON). */
export function readPlan(text: string, analysed: boolean): Plan {
  const [top] = JSON.parse(text) as readonly Fields[];
  return {
    root: node((top?.['Plan'] ?? {}) as Fields),
    analysed,
    planningMs: number(top?.['Planning Time']),
    executionMs: number(top?.['Execution Time']),
    raw: { format: 'json', text },
  };
}

function node(fields: Fields): PlanNode {
  const type = text(fields['Node Type']) ?? 'Result';
  const loops = number(fields['Actual Loops']);
  const ms = number(fields['Actual Total Time']);
  return {
    operation: operationOf(type, fields),
    object: objectOf(fields),
    access: accessOf(type),
    index: text(fields['Index Name']),
    filter: text(fields['Filter']),
    startupCost: number(fields['Startup Cost']),
    totalCost: number(fields['Total Cost']),
    estimatedRows: number(fields['Plan Rows']),
    actualRows: number(fields['Actual Rows']),
    loops,
    actualMs: ms === null ? null : ms * (loops ?? 1),
    rowsRemoved: number(fields['Rows Removed by Filter']),
    spilled: hasSpilled(fields),
    details: detailsOf(fields),
    children: ((fields['Plans'] ?? []) as readonly Fields[]).map(node),
  };
}

/** `Hash Left Join`, `Partial HashAggregate` and the like, as EXPLAIN's text form says them. */
function operationOf(type: string, fields: Fields): string {
  if (type === 'ModifyTable') return text(fields['Operation']) ?? type;
  if (type === 'Aggregate') return aggregateOf(fields);
  const join = text(fields['Join Type']);
  const named =
    join === null || join === 'Inner' ? type : `${type.replace(/ (?:Join|Loop)$/, '')} ${join} Join`;
  return fields['Parallel Aware'] === true ? `Parallel ${named}` : named;
}

function aggregateOf(fields: Fields): string {
  const partial = text(fields['Partial Mode']);
  const kind = AGGREGATES[text(fields['Strategy']) ?? ''] ?? 'Aggregate';
  return partial === null || partial === 'Simple' ? kind : `${partial} ${kind}`;
}

function objectOf(fields: Fields): string | null {
  const relation = text(fields['Relation Name']) ?? text(fields['CTE Name']) ?? text(fields['Function Name']);
  const alias = text(fields['Alias']);
  return relation === null || alias === null || alias === relation
    ? (relation ?? alias)
    : `${relation} ${alias}`;
}

function accessOf(type: string): PlanNode['access'] {
  if (FULL.has(type)) return 'full';
  return BY_INDEX.has(type) ? 'index' : null;
}

function hasSpilled(fields: Fields): boolean {
  return (
    fields['Sort Space Type'] === 'Disk' ||
    (number(fields['Hash Batches']) ?? 1) > 1 ||
    (number(fields['Disk Usage']) ?? 0) > 0
  );
}

function detailsOf(fields: Fields): PlanDetail[] {
  return Object.entries(fields)
    .filter(([name, value]) => !OWN_FIELDS.has(name) && Boolean(value))
    .map(([name, value]) => ({ name, value: shown(value) }));
}

function shown(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
