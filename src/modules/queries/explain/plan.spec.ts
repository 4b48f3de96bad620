import type { Catalog, CatalogIndex } from '../../../engines/engine.js';
import type { Plan, PlanNode } from '../../../engines/plan.js';
import { planHints } from './plan-hints.js';
import { planPage } from './plan.view.js';

function makePlanNode(change: Partial<PlanNode> = {}): PlanNode {
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

const planOf = (root: PlanNode): Plan => ({
  root,
  analysed: true,
  planningMs: null,
  executionMs: null,
  raw: { format: 'json', text: '' },
});

const column = (name: string) => ({ name, type: 'int', nullable: true, default: null, primaryKey: false });
const index = (definition: string): CatalogIndex => ({
  name: 'i',
  unique: false,
  primary: false,
  definition,
});
const catalogWith = (...indexes: CatalogIndex[]): Catalog => {
  const columns = ['id', 'quantity', 'unit_price'].map(column);
  const facts = { kind: 'table', estimatedRows: 50_000, foreignKeys: [], triggers: [] } as const;
  const tables = [{ name: 'order_lines', ...facts, columns, indexes }];
  return { version: '18', schemas: [{ name: 'public', tables, routines: [] }] };
};
const codes = (node: PlanNode, catalog: Catalog | null = null) =>
  planHints(planOf(node), catalog).map(({ code }) => code);
const selective = { actualRows: 40, estimatedRows: 40, rowsRemoved: 49_960 };

it('names the column that an index is missing for', () => {
  const [hint] = planHints(
    planOf(makePlanNode(selective)),
    catalogWith(index('create index on t (unit_price)')),
  );
  expect(hint).toEqual({
    code: 'full_scan',
    message: 'All of order_lines is read, some 50,000 rows, to keep 40. No index begins with quantity.',
    suggestion: 'create index on order_lines (quantity);',
  });
});

it('suggests no index that is there already', () => {
  const indexed = catalogWith(index('CREATE INDEX i ON public.order_lines USING btree (quantity, id)'));
  expect(planHints(planOf(makePlanNode(selective)), indexed)).toMatchObject([{ suggestion: null }]);
});

it('is content with a full scan of a small table, or of most of a large one', () => {
  expect(codes(makePlanNode({ ...selective, rowsRemoved: 900 }))).toEqual([]);
  expect(codes(makePlanNode({ actualRows: 40_000, estimatedRows: 40_000, rowsRemoved: 10_000 }))).toEqual([]);
  expect(codes(makePlanNode({ ...selective, access: 'index' }))).toEqual([]);
});

it('does not take a word inside a text for a column', () => {
  const node = makePlanNode({ ...selective, filter: "(note = 'quantity'::text)" });
  expect(planHints(planOf(node), catalogWith())).toMatchObject([{ suggestion: null }]);
});

it('tells when statistics mislead, a step writes to disk, or a scan is repeated', () => {
  const off = makePlanNode({ filter: null, estimatedRows: 10, actualRows: 5000 });
  expect(planHints(planOf(off), null)).toMatchObject([
    { code: 'misestimate', suggestion: 'analyze order_lines;' },
  ]);
  expect(codes(makePlanNode({ filter: null, actualRows: 40, access: null, spilled: true }))).toEqual([
    'spilled',
  ]);
  expect(codes(makePlanNode({ filter: null, actualRows: 40, loops: 500 }))).toEqual(['repeated_scan']);
  expect(codes(makePlanNode({ filter: null, actualRows: 40, loops: 5 }))).toEqual([]);
});

const scan = makePlanNode({ actualMs: 9, loops: 3, actualRows: 10, estimatedRows: 100, rowsRemoved: 5 });
const join = makePlanNode({ operation: 'Hash Join', actualMs: 12, children: [scan], filter: null });
const facts = {
  hints: [],
  database: { id: 'd', name: 'shop' },
  statement: 'select 1',
  writes: false,
  measurable: true,
};
const measured = (root = join, analysed = true): Plan => ({
  ...{ root, analysed, planningMs: 1, executionMs: 12 },
  raw: { format: 'json', text: '[]' },
});

it('gives each step its own share, warmer where most of the time goes', () => {
  const { rows } = planPage({ plan: measured(), ...facts });
  expect(
    rows.map(({ depth, share, heat, ownMs, totalMs }) => ({ depth, share, heat, ownMs, totalMs })),
  ).toEqual([
    { depth: 0, share: 25, heat: 2, ownMs: 3, totalMs: 12 },
    { depth: 1, share: 75, heat: 4, ownMs: 9, totalMs: 9 },
  ]);
});

it('counts rows over all loops and says by how much the estimate was off', () => {
  const [, row] = planPage({ plan: measured(), ...facts }).rows;
  expect(row).toMatchObject({
    actualRows: 30,
    estimatedRows: 300,
    rowsRemoved: 15,
    misestimate: '10× fewer',
  });
});

it('shares the cost where nothing was measured, and never less than none of it', () => {
  const unmeasured = { actualMs: null, loops: null, actualRows: null, rowsRemoved: null };
  const child = makePlanNode({ ...unmeasured, totalCost: 100 });
  const limit = makePlanNode({ ...unmeasured, operation: 'Limit', totalCost: 4, children: [child] });
  const page = planPage({ plan: measured(limit, false), ...facts });
  expect(page.can.analyse).toBe(true);
  expect(page.rows).toMatchObject([{ share: 0, ownMs: null, misestimate: null }, { share: 100 }]);
});
