import { planOf } from './plan-tree.js';

const SCAN = {
  stage: 'FETCH',
  filter: { b: { $gt: 1 } },
  nReturned: 3,
  executionTimeMillisEstimate: 2,
  docsExamined: 9,
  inputStage: { stage: 'IXSCAN', indexName: 'a_1', nReturned: 9, keysExamined: 9, isMultiKey: false },
};

it('reads what a query does, on what, how, and what came out', () => {
  const plan = planOf(
    {
      queryPlanner: {
        namespace: 'shop.orders',
        winningPlan: { stage: 'FETCH', inputStage: { stage: 'IXSCAN' } },
      },
      executionStats: { executionTimeMillis: 5, executionStages: SCAN },
    },
    true,
  );
  expect(plan).toMatchObject({ analysed: true, executionMs: 5 });
  expect(plan.root).toMatchObject({
    operation: 'FETCH',
    object: null,
    filter: '{"b":{"$gt":1}}',
    actualRows: 3,
    actualMs: 2,
    loops: 1,
    details: [{ name: 'docsExamined', value: '9' }],
  });
  expect(plan.root.children).toMatchObject([
    { operation: 'IXSCAN', object: 'orders', access: 'index', index: 'a_1', actualRows: 9, children: [] },
  ]);
});

it('leaves what was not measured unknown', () => {
  const plan = planOf(
    { queryPlanner: { namespace: 'shop.orders', winningPlan: { stage: 'COLLSCAN' } } },
    false,
  );
  expect(plan).toMatchObject({ analysed: false, executionMs: null });
  expect(plan.root).toMatchObject({
    operation: 'COLLSCAN',
    object: 'orders',
    access: 'full',
    actualRows: null,
    loops: null,
  });
});

it('reads the newer engine’s form', () => {
  const winningPlan = {
    queryPlan: { stage: 'GROUP', inputStage: { stage: 'COLLSCAN' } },
    slotBasedPlan: { stages: '…' },
  };
  const { root } = planOf({ queryPlanner: { namespace: 'shop.orders', winningPlan } }, false);
  expect(root).toMatchObject({ operation: 'GROUP', children: [{ operation: 'COLLSCAN', object: 'orders' }] });
});

it('turns a pipeline round: what comes last stands first', () => {
  const cursor = { queryPlanner: { namespace: 'shop.orders', winningPlan: { stage: 'COLLSCAN' } } };
  const stages = [
    { $cursor: cursor },
    { $group: { _id: '$a' }, nReturned: 4 },
    { $sort: { a: 1 }, usedDisk: true },
  ];
  const { root, analysed } = planOf({ stages }, true);
  expect(analysed).toBe(true);
  expect(root).toMatchObject({
    operation: '$sort',
    spilled: true,
    children: [{ operation: '$group', actualRows: 4, children: [{ operation: 'COLLSCAN' }] }],
  });
});

it('shows what a server that only speaks the protocol answers', () => {
  const { root } = planOf({ queryPlanner: { Plan: ['SCAN x', 'SEARCH y'] } }, false);
  expect(root).toMatchObject({ operation: 'PLAN', details: [{ value: 'SCAN x' }, { value: 'SEARCH y' }] });
});
