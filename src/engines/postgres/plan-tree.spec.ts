import { readPlan } from './plan-tree.js';

const SCAN = {
  'Node Type': 'Seq Scan',
  'Parallel Aware': false,
  'Relation Name': 'orders',
  Alias: 'o',
  'Startup Cost': 0,
  'Total Cost': 310.5,
  'Plan Rows': 100,
  'Actual Rows': 4,
  'Actual Loops': 3,
  'Actual Total Time': 2.5,
  Filter: "(status = 'open'::text)",
  'Rows Removed by Filter': 4996,
};

it('reads what a node does, on what, how, and how far the estimate was off', () => {
  const join = {
    'Node Type': 'Hash Join',
    'Join Type': 'Left',
    'Hash Cond': '(o.id = l.order_id)',
    'Hash Batches': 4,
    Plans: [SCAN],
  };
  const plan = readPlan(JSON.stringify([{ Plan: join, 'Planning Time': 0.2, 'Execution Time': 9.1 }]), true);
  expect(plan).toMatchObject({ analysed: true, planningMs: 0.2, executionMs: 9.1 });
  expect(plan.root).toMatchObject({
    operation: 'Hash Left Join',
    object: null,
    spilled: true,
    details: expect.arrayContaining([{ name: 'Hash Cond', value: '(o.id = l.order_id)' }]) as unknown,
  });
  expect(plan.root.children[0]).toMatchObject({
    operation: 'Seq Scan',
    object: 'orders o',
    access: 'full',
    filter: "(status = 'open'::text)",
    estimatedRows: 100,
    actualRows: 4,
    loops: 3,
    actualMs: 7.5,
    rowsRemoved: 4996,
    spilled: false,
    details: [],
  });
});

it('leaves what was not measured unknown', () => {
  const { root, executionMs } = readPlan(JSON.stringify([{ Plan: { 'Node Type': 'Result' } }]), false);
  expect(root).toMatchObject({
    actualMs: null,
    actualRows: null,
    loops: null,
    totalCost: null,
    children: [],
  });
  expect(executionMs).toBeNull();
});
