import { readPlan } from './plan-tree.js';
import type { PlanNode } from '../plan.js';

const shape = (node: PlanNode): unknown => [
  `${node.operation}${node.object === null ? '' : ` ${node.object}`}`,
  ...node.children.map(shape),
];

const ANALYSED = {
  query_optimization: { r_total_time_ms: 0.15 },
  query_block: {
    select_id: 1,
    r_loops: 1,
    r_total_time_ms: 0.7,
    filesort: {
      sort_key: 'sum(o.total) desc',
      r_loops: 1,
      r_total_time_ms: 0.007,
      r_output_rows: 1,
      r_sort_passes: 2,
      temporary_table: {
        nested_loop: [
          {
            table: {
              table_name: 'c',
              access_type: 'ALL',
              r_loops: 1,
              rows: 100,
              r_rows: 100,
              r_table_time_ms: 0.02,
              r_other_time_ms: 0.01,
              r_filtered: 90,
              attached_condition: "c.`name` like 'n%'",
            },
          },
          {
            table: {
              table_name: 'o',
              access_type: 'ref',
              possible_keys: ['c_id', 'd'],
              key: 'c_id',
              r_loops: 100,
              rows: 5,
              r_rows: 10,
              r_table_time_ms: 0.5,
              r_other_time_ms: 0.1,
              r_filtered: 99,
            },
          },
        ],
      },
    },
  },
};

const MYSQL = {
  query_block: {
    select_id: 1,
    cost_info: { query_cost: '125.35' },
    ordering_operation: {
      using_filesort: true,
      nested_loop: [
        {
          table: {
            table_name: 'c',
            access_type: 'const',
            key: 'PRIMARY',
            rows_examined_per_scan: 1,
            cost_info: { read_cost: '0.50', eval_cost: '0.10', prefix_cost: '0.60' },
          },
        },
        {
          table: {
            table_name: 'o',
            access_type: 'index',
            key: 'i',
            rows_examined_per_scan: 1000,
            attached_condition: '(x > 1)',
            attached_subqueries: [
              {
                dependent: true,
                query_block: {
                  select_id: 2,
                  table: { table_name: 's', access_type: 'eq_ref', key: 'PRIMARY' },
                },
              },
            ],
          },
        },
      ],
    },
  },
};

describe('plans of MariaDB', () => {
  const plan = readPlan(JSON.stringify(ANALYSED), true);

  it('become a tree of what is done, without what only holds together', () => {
    expect(shape(plan.root)).toEqual([
      'filesort',
      ['temporary table', ['nested loop', ['ALL c'], ['ref o']]],
    ]);
  });

  it('keep measured rows and times', () => {
    const join = plan.root.children[0]?.children[0];
    expect(plan).toMatchObject({ analysed: true, planningMs: 0.15, executionMs: 0.7 });
    expect(plan.root).toMatchObject({ spilled: true, actualRows: 1 });
    expect(plan.root.actualMs).toBeCloseTo(0.63);
    expect(join?.children).toMatchObject([
      { access: 'full', index: null, estimatedRows: 100, actualRows: 100, rowsRemoved: 10, loops: 1 },
      {
        access: 'index',
        index: 'c_id',
        estimatedRows: 5,
        loops: 100,
        details: [{ name: 'possible keys', value: 'c_id, d' }],
      },
    ]);
    expect(join?.children[1]?.actualMs).toBeCloseTo(0.6);
  });
});

describe('plans of MySQL', () => {
  const plan = readPlan(JSON.stringify(MYSQL), false);

  it('become the same tree, subqueries below the step that asks them', () => {
    expect(shape(plan.root)).toEqual([
      'ordering operation',
      ['nested loop', ['const c'], ['index o', ['eq_ref s']]],
    ]);
  });

  it('keep costs and estimates', () => {
    const [first, second] = plan.root.children[0]?.children ?? [];
    expect(plan.root.totalCost).toBe(125.35);
    expect(first).toMatchObject({ totalCost: 0.6, estimatedRows: 1, access: 'index' });
    expect(second).toMatchObject({ filter: '(x > 1)', access: 'full', actualRows: null });
    expect(plan).toMatchObject({ analysed: false, executionMs: null });
  });
});

it('a plan without a table says why', () => {
  const answer = JSON.stringify({ query_block: { select_id: 1, table: { message: 'Impossible WHERE' } } });
  expect(readPlan(answer, false).root).toMatchObject({ operation: 'Impossible WHERE', children: [] });
});
