import type { PlanNode } from '../../../src/engines/plan.js';
import { planHints } from '../../../src/modules/queries/explain/plan-hints.js';
import { planPage, type PlanPage } from '../../../src/modules/queries/explain/plan.view.js';
import { idOf } from './frame.js';

export function makePlanNode(change: Partial<PlanNode> = {}): PlanNode {
  return {
    operation: 'Seq Scan',
    object: 'order_lines l',
    access: 'full',
    index: null,
    filter: '(quantity = 7)',
    startupCost: 0,
    totalCost: 1020.4,
    estimatedRows: 40,
    actualRows: 4980,
    loops: 1,
    actualMs: 8.4,
    rowsRemoved: 45_132,
    spilled: false,
    details: [{ name: 'Output', value: 'id, quantity' }],
    children: [],
    ...change,
  };
}

const unmeasured = { actualRows: null, loops: null, actualMs: null, rowsRemoved: null };

/** A sort over a full scan; measured, or estimated only. */
export function makePlanPage(analysed = true): PlanPage {
  const scan = makePlanNode(analysed ? {} : unmeasured);
  const index = makePlanNode({
    ...{ operation: 'Index Scan', object: 'orders', access: 'index', index: 'orders_pkey', filter: null },
    ...{ actualMs: analysed ? 1.1 : null, estimatedRows: null, totalCost: null, details: [], rowsRemoved: null },
  });
  const root = makePlanNode({
    ...{ operation: 'Sort', object: null, access: null, filter: null, spilled: true, totalCost: 1300, actualMs: 12 },
    ...(analysed ? {} : unmeasured),
    children: [scan, index],
  });
  const times = analysed ? { planningMs: 0.4, executionMs: 12.2 } : { planningMs: null, executionMs: null };
  const plan = { root, analysed, ...times, raw: { format: 'json', text: '[{"Plan": {}}]' } } as const;
  return planPage({
    plan,
    hints: planHints(plan, null),
    database: { id: idOf(10), name: 'shop_dev' },
    statement: 'select * from order_lines l where quantity = 7 order by unit_price',
    writes: analysed,
    measurable: true,
  });
}
