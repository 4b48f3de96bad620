import type { Catalog } from '../../../src/engines/engine.js';
import type { SchemaTree, TreeNode } from '../../../src/modules/queries/schema/schema-tree.view.js';
import { excerptOf } from '../../../src/modules/queries/excerpt.js';
import { resultsView, type ResultsView } from '../../../src/modules/queries/results/panel.view.js';
import { statementError, type StatementResult } from '../../../src/modules/queries/statement.view.js';
import {
  toneOf,
  type HistoryRow,
  type RunStatus,
  type RunView,
  type WorkbenchDatabase,
  type WorkbenchPage,
} from '../../../src/modules/queries/queries.view.js';
import { idOf, minutesAgo } from './frame.js';

export const JOIN = `select c.country, count(*) as orders, sum(l.quantity * l.unit_price) as revenue
from orders o
join customers c on c.id = o.customer_id
join order_lines l on l.order_id = o.id
where o.status <> 'cancelled'
group by c.country
order by revenue desc;`;

const COUNTRIES = ['DE', 'FR', 'NL', 'ES', 'IT', 'PL', 'SE', 'AT', 'DK', 'PT', 'CH', 'BE', 'IE', 'NO', 'FI'];

export function makeResult(change: Partial<StatementResult> = {}): StatementResult {
  return {
    statement: JOIN,
    class: 'read',
    columns: [
      { name: 'country', type: 'character(2)', kind: 'text' },
      { name: 'orders', type: 'bigint', kind: 'integer' },
      { name: 'revenue', type: 'numeric(12,2)', kind: 'decimal' },
      { name: 'first_order', type: 'timestamp with time zone', kind: 'timestamp' },
      { name: 'tags', type: 'jsonb', kind: 'json' },
      { name: 'active', type: 'boolean', kind: 'boolean' },
    ],
    rows: COUNTRIES.map((country, index) => [
      country,
      812 - index * 41,
      (98_214.5 - index * 5120.37).toFixed(2),
      `2026-0${String(1 + (index % 9))}-1${String(index % 9)} 08:10:00+00`,
      index % 4 === 0 ? null : `{"tier": "gold", "note": "a value that is longer than its column ${String(index)}"}`,
      index % 3 === 0,
    ]),
    rowCount: COUNTRIES.length,
    affectedRows: null,
    truncated: false,
    stoppedBy: null,
    durationMs: 41.3,
    notices: [],
    cut: [],
    kept: null,
    error: null,
    ...change,
  };
}

const TYPO = 'select contry, count(*)\nfrom customers\ngroup by contry';

export function makeFailure(): StatementResult {
  const problem = { code: '42703', message: 'column "contry" does not exist', position: 7 };
  return makeResult({
    statement: TYPO,
    columns: [],
    rows: [],
    rowCount: 0,
    durationMs: 0.8,
    error: {
      ...statementError(TYPO, { ...problem, hint: 'Did you mean “country”?' }),
      excerpt: excerptOf(TYPO, 7),
    },
  });
}

/** Everything a batch can show: rows, a limit, a write, a notice, an error, a remark. */
export function makeOutcome({
  results = BATCH,
  remarks = ['A transaction was left open and has been rolled back.'],
}: { results?: readonly StatementResult[]; remarks?: readonly string[] } = {}): ResultsView {
  return resultsView(idOf(50), results, remarks, { export: true });
}

const BATCH: readonly StatementResult[] = [
  makeResult(),
  makeResult({
    statement: 'select * from order_lines',
    truncated: true,
    stoppedBy: 'rows',
    durationMs: 1240,
    kept: { href: `/queries/results/${idOf(50)}/1`, read: 10_000, complete: false, repeatable: true, hash: 'a'.repeat(64) },
  }),
  makeResult({
    statement: 'select repeat(name, 1000) from products',
    truncated: true,
    stoppedBy: 'bytes',
    cut: [{ row: 1, column: 4, size: 9000 }],
  }),
  makeResult({ statement: 'select * from products where false', rows: [], rowCount: 0 }),
  makeResult({
    statement: "update orders set status = 'closed' where id = 7",
    class: 'dml',
    columns: [],
    rows: [],
    rowCount: 0,
    affectedRows: 1,
    notices: [{ severity: 'NOTICE', message: 'The trigger orders_touch ran.' }],
  }),
  makeFailure(),
];

export function makeRun(change: Partial<HistoryRow> = {}): HistoryRow {
  const status: RunStatus = change.status ?? 'succeeded';
  const runId = change.runId ?? idOf(50);
  return {
    runId,
    databaseId: idOf(10),
    databaseName: 'shop_dev',
    summary: 'select c.country, count(*) as orders, sum(l.quantity * l.unit_price) as revenue from orders o',
    status,
    tone: toneOf(status),
    startedAt: minutesAgo(6),
    durationMs: 41.3,
    rowCount: 15,
    href: `/workbench?databaseId=${idOf(10)}&run=${runId}`,
    ...change,
  };
}

export function makeRunView(change: Partial<RunView> = {}): RunView {
  return {
    ...makeRun({ status: 'failed' }),
    sql: TYPO,
    errorCode: '42703',
    errorMessage: 'column "contry" does not exist',
    statements: [
      {
        class: 'read',
        durationMs: 0.8,
        rowCount: 0,
        errorCode: '42703',
        errorMessage: 'column "contry" does not exist',
      },
    ],
    ...change,
  };
}

export function makeHistory(): HistoryRow[] {
  const unknown = { durationMs: null, rowCount: null };
  return [
    makeRun({ runId: idOf(54), status: 'running', summary: 'select pg_sleep(20)', ...unknown }),
    makeRun(),
    makeRun({ runId: idOf(51), status: 'failed', summary: 'select contry, count(*) from customers' }),
    makeRun({ runId: idOf(52), status: 'cancelled', summary: 'select pg_sleep(20)', durationMs: 4210 }),
    makeRun({ runId: idOf(53), status: 'refused', summary: 'drop role admin', ...unknown }),
  ];
}

export function makeWorkbenchDatabase(change: Partial<WorkbenchDatabase> = {}): WorkbenchDatabase {
  return {
    id: idOf(10),
    name: 'shop_dev',
    engine: 'postgres',
    engineName: 'PostgreSQL 18',
    environment: 'sandbox',
    status: 'running',
    tone: 'good',
    access: 'read-write',
    rules: null,
    ...change,
  };
}

export function makeWorkbench(change: Partial<WorkbenchPage> = {}): WorkbenchPage {
  return {
    databases: [
      { id: idOf(10), name: 'shop_dev', status: 'running', selected: true },
      { id: idOf(11), name: 'billing_tests', status: 'stopped', selected: false },
    ],
    database: makeWorkbenchDatabase(),
    tree: `/queries/schema/tree?databaseId=${idOf(10)}`,
    sql: JOIN,
    limits: { maxRows: 1000, maxBytes: 10_485_760, timeoutMs: 30_000 },
    reopened: null,
    outcome: makeOutcome(),
    history: makeHistory(),
    production: false,
    can: { createDatabase: true },
    ...change,
  };
}

export function makeCatalog(): Catalog {
  const column = { name: 'id', type: 'bigint', nullable: false, default: null, primaryKey: true };
  const table = { name: 'customers', kind: 'table', estimatedRows: 2000, columns: [column] } as const;
  const view = { name: 'monthly_sales', kind: 'view', estimatedRows: null, columns: [] } as const;
  const nothing = { foreignKeys: [], indexes: [], triggers: [] };
  const tables = [table, view].map((one) => ({ ...one, ...nothing }));
  return {
    version: 'PostgreSQL 18.0',
    schemas: [
      { name: 'public', tables, routines: [] },
      { name: 'empty', tables: [], routines: [] },
    ],
  };
}

export function makeTreeNode(change: Partial<TreeNode> = {}): TreeNode {
  return {
    id: 'node-table:public/customers',
    kind: 'table',
    name: 'customers',
    hit: null,
    mark: null,
    detail: '',
    rows: 2000,
    title: 'public.customers: table',
    insert: 'customers',
    open: false,
    branch: '/queries/schema/tree?branch=table%3Apublic%2Fcustomers',
    children: null,
    acts: { data: '/queries/sample-data/customers', definition: '/queries/schema/definition' },
    ...change,
  };
}

export function makeTree(change: Partial<SchemaTree> = {}): SchemaTree {
  const leaf = { acts: null, branch: null, rows: null } as const;
  const more = { href: '/queries/schema/tree?after=200', left: 9800 };
  const hit = { before: 'cust', match: 'om', after: 'ers' };
  const view = { id: 'node-view', name: 'monthly_sales', detail: 'view', rows: null } as const;
  const nodes = [
    makeTreeNode(),
    makeTreeNode({ ...view, acts: { data: '/', definition: null } }),
    makeTreeNode({ ...leaf, id: 'node-column', name: 'id', mark: 'PK', detail: 'bigint', hit }),
    makeTreeNode({ ...leaf, id: 'node-trigger', name: 'touch', insert: null }),
  ];
  const children = { id: 'branch-schema:public', nodes, more, empty: '' };
  const nothing = { id: 'branch-empty', nodes: [], more: null, empty: 'There is nothing in it.' };
  const schema = { ...leaf, kind: 'schema', open: true } as const;
  return {
    databaseId: idOf(10),
    databaseName: 'shop_dev',
    running: true,
    tables: 10_000,
    q: '',
    id: 'branch-root',
    nodes: [
      makeTreeNode({ ...schema, id: 'node-schema:public', name: 'public', children }),
      makeTreeNode({ ...schema, id: 'node-schema:empty', name: 'empty', open: false, children: nothing }),
    ],
    more: null,
    empty: '',
    ...change,
  };
}
