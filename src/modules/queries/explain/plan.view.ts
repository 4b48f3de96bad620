import type { PlanDetail, Plan, PlanNode } from '../../../engines/plan.js';
import { misestimateOf, type PlanHint } from './plan-hints.js';

const MISESTIMATE_SHOWN = 3;
/** Deeper nodes are drawn at this depth: the page has so many steps of indentation. */
const MAX_DEPTH = 16;

export interface PlanRow {
  readonly depth: number;
  readonly operation: string;
  readonly object: string | null;
  readonly index: string | null;
  /** Percent of the whole that this node takes by itself: of the time where it was measured, else of the cost. */
  readonly share: number;
  /** How warm its colour is, 0 to 4. */
  readonly heat: number;
  readonly cost: number | null;
  /** Rows over all loops. */
  readonly estimatedRows: number | null;
  readonly actualRows: number | null;
  readonly loops: number | null;
  /** Milliseconds without and with the children. */
  readonly ownMs: number | null;
  readonly totalMs: number | null;
  /** `12× more` or `30× fewer` rows than expected; null when the estimate was near or nothing was measured. */
  readonly misestimate: string | null;
  readonly filter: string | null;
  readonly rowsRemoved: number | null;
  readonly spilled: boolean;
  readonly details: readonly PlanDetail[];
}

/** POST /queries/explain: template `workbench/plan`, fragment `workbench/_plan`. */
export interface PlanPage {
  readonly databaseId: string;
  readonly databaseName: string;
  readonly statement: string;
  readonly analysed: boolean;
  /** A write runs in a transaction that is rolled back when times are asked for. */
  readonly writes: boolean;
  /** Engines that cannot run and measure a statement say so. */
  readonly can: { readonly analyse: boolean };
  readonly planningMs: number | null;
  readonly executionMs: number | null;
  readonly totalCost: number | null;
  readonly hints: readonly PlanHint[];
  readonly rows: readonly PlanRow[];
  readonly raw: string;
}

export interface Explained {
  readonly plan: Plan;
  readonly hints: readonly PlanHint[];
  readonly database: { readonly id: string; readonly name: string };
  readonly statement: string;
  readonly writes: boolean;
  readonly measurable: boolean;
}

export function planPage({ plan, hints, database, statement, writes, measurable }: Explained): PlanPage {
  const whole = wholeOf(plan);
  return {
    databaseId: database.id,
    databaseName: database.name,
    statement,
    analysed: plan.analysed,
    writes,
    can: { analyse: measurable && !plan.analysed },
    planningMs: plan.planningMs,
    executionMs: plan.executionMs,
    totalCost: plan.root.totalCost,
    hints,
    rows: rowsOf(plan.root, 0, whole),
    raw: plan.raw.text,
  };
}

function rowsOf(node: PlanNode, depth: number, whole: number): PlanRow[] {
  return [rowOf(node, depth, whole), ...node.children.flatMap((child) => rowsOf(child, depth + 1, whole))];
}

function rowOf(node: PlanNode, depth: number, whole: number): PlanRow {
  const share = whole === 0 ? 0 : Math.round((own(node) / whole) * 1000) / 10;
  return {
    depth: Math.min(depth, MAX_DEPTH),
    operation: node.operation,
    object: node.object,
    index: node.index,
    share,
    heat: heatOf(share),
    cost: node.totalCost,
    estimatedRows: times(node.estimatedRows, node.loops),
    actualRows: times(node.actualRows, node.loops),
    loops: node.loops,
    ownMs: node.actualMs === null ? null : own(node),
    totalMs: node.actualMs,
    misestimate: misestimateText(node),
    filter: node.filter,
    rowsRemoved: times(node.rowsRemoved, node.loops),
    spilled: node.spilled,
    details: node.details,
  };
}

/** What the shares are shares of. */
function wholeOf({ root }: Plan): number {
  const sum = (node: PlanNode): number =>
    node.children.reduce((total, child) => total + sum(child), own(node));
  return sum(root);
}

/** Time, or else cost, of a node without its children; a LIMIT ends them early, so that it may come out below zero. */
function own(node: PlanNode): number {
  const of = (one: PlanNode): number => (node.actualMs === null ? one.totalCost : one.actualMs) ?? 0;
  return Math.max(
    0,
    node.children.reduce((rest, child) => rest - of(child), of(node)),
  );
}

function heatOf(share: number): number {
  return [5, 15, 35, 60].filter((least) => share >= least).length;
}

function misestimateText(node: PlanNode): string | null {
  const factor = misestimateOf(node);
  if (factor === null || factor < MISESTIMATE_SHOWN) return null;
  const more = (node.actualRows ?? 0) > (node.estimatedRows ?? 0);
  const shown = factor >= 10 ? Math.round(factor) : Math.round(factor * 10) / 10;
  return `${shown.toLocaleString('en-US')}× ${more ? 'more' : 'fewer'}`;
}

function times(rows: number | null, loops: number | null): number | null {
  return rows === null ? null : Math.round(rows * (loops ?? 1));
}
