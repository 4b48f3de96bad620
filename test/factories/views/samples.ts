import { excerptOf } from '../../../src/modules/queries/excerpt.js';
import {
  BOTH_ENGINES,
  FULL_REFUSAL,
  makeCredentials,
  makeDatabaseConfirm,
  makeDatabaseForm,
  makeDatabasePage,
  makeDatabaseRow,
  makeDatabasesPage,
  MYSQL_CONFIRM,
  MYSQL_PAGE,
} from './databases.js';
import { makeConnectionCheck, makeConnectionPage, makeConnectionRow, makeNewConnection, makeUsedConnection } from './connections.js';
import { idOf, minutesAgo } from './frame.js';
import { account } from './account.js';
import { people } from './people.js';
import {
  makeApiDocs,
  makeAuditPage,
  makeLetter,
  makeOutbox,
  makeOverview,
  makeProblem,
  makeSignIn,
} from './others.js';
import { requests } from './request-samples.js';
import { page, stranger, type Sample } from './sample.js';
import { makePlanPage } from './plan.js';
import { makeCell, makeEmptyCell, makeExport, makeNullCell, makeResultPage } from './results.js';
import { makeCatalog, makeFailure, makeOutcome, makeResult, makeRunView, makeWorkbench, makeWorkbenchDatabase, makeHistory, makeTree } from './workbench.js';

const flash = { kind: 'good', text: 'shop_dev is running.', link: { label: 'Query it', href: '/workbench' } } as const;
const NONE = { open: false, start: false, stop: false, rotate: false, reset: false } as const;
const VIEWER = { ...NONE, clone: false, configure: false, delete: false, restore: false, retry: false };
const nothing = { databases: [], deleted: [] };
const failed = { status: 'failed', statusReason: 'The server did not carry it out.' } as const;
const many = Array.from({ length: 1000 }, (_, index) => [index, `name ${String(index)}`, null]);

const databases: readonly Sample[] = [
  page('/databases', 'databases/index', 'full', makeDatabasesPage(), { flash }),
  page('/databases', 'databases/index', 'empty', makeDatabasesPage(nothing)),
  page('/databases', 'databases/index', 'viewer', makeDatabasesPage({ ...nothing, can: { create: false, register: false } })),
  page('/databases', 'databases/index', 'quota', makeDatabasesPage({ createRefusal: FULL_REFUSAL })),
  page('/databases', 'databases/row', 'running', makeDatabaseRow()),
  page('/databases', 'databases/new', 'fresh', makeDatabaseForm()),
  page(
    '/databases',
    'databases/new',
    'refused',
    makeDatabaseForm({
      name: 'shop dev',
      ...BOTH_ENGINES,
      errors: {
        name: 'has letters, digits and underscores',
        engine: 'is one of: postgres',
        serverId: 'is no server',
        collation: 'is none',
        template: 'is unknown',
      },
      refusal: FULL_REFUSAL,
    }),
  ),
  page('/databases', 'databases/new', 'two engines', makeDatabaseForm(BOTH_ENGINES)),
  page('/databases', 'databases/confirm', 'mysql', makeDatabaseConfirm(MYSQL_CONFIRM)),
  page('/databases', 'databases/show', 'mysql', makeDatabasePage(MYSQL_PAGE)),
  page('/databases', 'databases/confirm', 'auto-stop', makeDatabaseConfirm()),
  page('/databases', 'databases/confirm', 'kept running', makeDatabaseConfirm({ autoStopMinutes: null })),
  page('/databases', 'databases/credentials', 'running', makeCredentials()),
  page('/databases', 'databases/credentials', 'provisioning', makeCredentials({ status: 'provisioning' })),
  ...(['overview', 'access', 'settings', 'history'] as const).map((tab) =>
    page('/databases', 'databases/show', tab, makeDatabasePage({ tab })),
  ),
  ...(['provisioning', 'stopping', 'stopped', 'deleted'] as const).map((status) =>
    page('/databases', 'databases/show', status, makeDatabasePage({ status })),
  ),
  page('/databases', 'databases/show', 'failed', makeDatabasePage(failed)),
  page('/databases', 'databases/show', 'protected', makeDatabasePage({ tab: 'settings', protected: true })),
  page('/databases', 'databases/show', 'viewer', makeDatabasePage({ tab: 'settings', can: VIEWER })),
  page(
    '/databases',
    'databases/show',
    'unused',
    makeDatabasePage({
      ...{ sizeBytes: null, sizeMeasuredAt: null, lastUsedAt: null, autoStopMinutes: null },
      activity: { connections: 0, connectionLimit: 20, autoStopAt: null },
    }),
  ),
  page('/databases', 'databases/show', 'new', makeDatabasePage({ tab: 'history', history: [] })),
  page(
    '/databases',
    'databases/show',
    'unshared',
    makeDatabasePage({ tab: 'access', access: { ...makeDatabasePage().access, grants: [] } }),
  ),
];

const check = {
  databaseId: idOf(10),
  sql: 'select * frm orders; delete from orders',
  checked: true,
  statements: [
    { from: 21, to: 39, class: 'dml', verb: 'delete', may: false, reason: 'You may only read here.', text: 'delete from orders' },
    { from: 0, to: 8, class: 'read', verb: 'select', may: true, reason: null, text: 'select 1' },
  ],
  problems: [
    { from: 9, to: 12, severity: 'error', code: '42601', message: 'syntax error', excerpt: excerptOf('select * frm orders', 9) },
  ],
};

const choice = { value: 'failed', label: 'failed', selected: true };
const history = {
  self: '/queries/history',
  filtered: false,
  q: '',
  databases: [{ value: idOf(10), label: 'shop_dev', selected: false }],
  statuses: [choice],
  classes: [{ ...choice, value: 'read', label: 'read' }],
};

const workbench: readonly Sample[] = [
  page('/queries/check', 'workbench/check', 'problems', check),
  page('/queries/check', 'workbench/check', 'too long', { ...check, checked: false, statements: [], problems: [] }),
  page(
    '/workbench',
    'workbench/index',
    'production',
    makeWorkbench({
      database: makeWorkbenchDatabase({ environment: 'production', rules: 'reads run, changes need approval' }),
      production: true,
    }),
  ),
  page('/workbench', 'workbench/index', 'batch', makeWorkbench()),
  page('/workbench', 'workbench/index', 'one result', makeWorkbench({ outcome: makeOutcome({ results: [makeResult()], remarks: [] }) })),
  page('/workbench', 'workbench/index', 'error', makeWorkbench({ outcome: makeOutcome({ results: [makeFailure()] }) })),
  page('/workbench', 'workbench/index', 'nothing', makeWorkbench({ outcome: makeOutcome({ results: [] }) })),
  page('/workbench', 'workbench/index', 'fresh', makeWorkbench({ sql: '', outcome: null, history: [] })),
  page('/workbench', 'workbench/index', 'reopened', makeWorkbench({ outcome: null, reopened: { ...makeRunView(), rowsKept: false } })),
  page(
    '/workbench',
    'workbench/index',
    'read-only',
    makeWorkbench({ outcome: null, database: makeWorkbenchDatabase({ access: 'read-only' }) }),
  ),
  page('/workbench', 'workbench/index', 'none chosen', makeWorkbench({ database: null, tree: null, outcome: null })),
  page('/workbench', 'workbench/index', 'no database', makeWorkbench({ databases: [], database: null, tree: null })),
  page('/workbench', 'workbench/index', 'viewer', makeWorkbench({ databases: [], can: { createDatabase: false } })),
  page(
    '/workbench',
    'workbench/index',
    'a thousand rows',
    makeWorkbench({
      outcome: makeOutcome({
        remarks: [],
        results: [makeResult({ rows: many, rowCount: 1000, stoppedBy: 'time', truncated: true })],
      }),
    }),
  ),
  page('/workbench', 'workbench/history', 'full', { ...history, runs: makeHistory(), next: '/queries/history?before=1' }),
  page('/workbench', 'workbench/history', 'nothing found', { ...history, runs: [], next: null, filtered: true }),
  page('/workbench', 'workbench/run', 'failed', makeRunView()),
  page('/workbench', 'workbench/run', 'unknown', makeRunView({ durationMs: null, rowCount: null })),
  page('/workbench', 'workbench/tree', 'root', makeTree()),
  page('/workbench', 'workbench/tree', 'nothing found', makeTree({ nodes: [], q: 'x', empty: 'Nothing has “x” in its name.' })),
  page('/workbench', 'workbench/definition', 'table', { databaseId: idOf(10), name: 'public.orders', sql: 'create table orders ();' }),
  page('/workbench', 'workbench/schema', 'tables', makeCatalog()),
  page('/workbench', 'workbench/schema', 'empty', { ...makeCatalog(), schemas: [] }),
  page('/workbench', 'workbench/plan', 'measured', makePlanPage()),
  page('/workbench', 'workbench/plan', 'estimated', makePlanPage(false)),
  page('/workbench', 'workbench/history', 'empty', { ...history, runs: [], next: null }),
];

const results: readonly Sample[] = [
  page('/workbench', 'workbench/result', 'second part', makeResultPage()),
  page(
    '/workbench',
    'workbench/result',
    'sorted and filtered',
    makeResultPage({
      sort: { column: 0, descending: true },
      filter: { column: 1, operator: 'contains', value: '"><b>' },
    }),
  ),
  page('/workbench', 'workbench/result', 'all that was read', makeResultPage({ shown: 4312 }, { complete: false })),
  page(
    '/workbench',
    'workbench/result',
    'failed half-way',
    makeResultPage(
      { sort: { column: 1, descending: false } },
      {
        notices: [{ severity: 'NOTICE', message: 'One.' }],
        problem: { code: '22012', message: 'division by zero', position: 3, hint: null, detail: null },
      },
    ),
  ),
  ...[0, 1, 2, 3].map((column) => page('/workbench', 'workbench/cell', `column ${String(column)}`, makeCell(column))),
  page('/workbench', 'workbench/cell', 'all of it', makeCell(1, true)),
  page('/workbench', 'workbench/cell', 'cut', makeCell(1, true, { 1: 5_000_000 })),
  page('/workbench', 'workbench/cell', 'NULL', makeNullCell()),
  page('/workbench', 'workbench/cell', 'empty', makeEmptyCell()),
  page('/workbench', 'workbench/export', 'running', makeExport()),
  page('/workbench', 'workbench/export', 'done', makeExport({ status: 'succeeded', hash: 'ab'.repeat(32), defused: 3 })),
  page('/workbench', 'workbench/export', 'failed', makeExport({ status: 'failed', error: 'division by zero' })),
  page('/workbench', 'workbench/export', 'left behind', makeExport({ seenAt: new Date(minutesAgo(5)) })),
];

const broken = { state: 'broken', tone: 'bad', sealed: 1204, waiting: 0, checkedAt: minutesAgo(1) } as const;
const unchecked = { state: 'unchecked', tone: 'neutral', sealed: 0, waiting: 0, checkedAt: null } as const;

const others: readonly Sample[] = [
  page('/', 'overview/index', 'full', makeOverview()),
  page('/', 'overview/index', 'empty', makeOverview({ attention: [], databases: [], runs: [] })),
  page('/', 'overview/index', 'viewer', makeOverview({ databases: [], can: { createDatabase: false } })),
  page('/audit', 'audit/index', 'full', makeAuditPage()),
  page(
    '/audit',
    'audit/index',
    'broken',
    makeAuditPage({ chain: { ...broken, brokenAt: 817, lastCheckpointAt: minutesAgo(61) }, next: null }),
  ),
  page(
    '/audit',
    'audit/index',
    'empty',
    makeAuditPage({ entries: [], chain: { ...unchecked, brokenAt: null, lastCheckpointAt: null } }),
  ),
  page('/audit', 'audit/index', 'no match', makeAuditPage({ entries: [], filtered: true, first: null })),
  page('/', 'api/docs', 'full', makeApiDocs()),
  page('/mail', 'mail/index', 'full', makeOutbox()),
  page('/mail', 'mail/index', 'empty', { letters: [] }),
  page('/mail', 'mail/show', 'full', makeLetter()),
  page('/search', 'search/index', 'found', {
    q: 'ord',
    count: 1,
    groups: [
      {
        label: 'Tables',
        icon: 'table-2',
        hits: [{ label: 'orders', detail: 'shop_dev', href: '/workbench' }],
      },
    ],
  }),
  page('/search', 'search/index', 'nothing', { q: 'xyz', count: 0, groups: [] }),
  page('/', 'workspace/signed-in', 'again', {}),
  page('/', 'problem/index', '401', {
    ...makeProblem(401),
    resend: { action: '/databases', fields: [{ name: 'name', value: 'shop_dev' }] },
  }),
  page('/', 'problem/index', '409', makeProblem(409, { name: 'Taken' })),
  page('/', 'problem/index', '500', makeProblem(500), { flash: { ...flash, kind: 'bad', link: null } }),
  page('/', 'problem/index', 'offer', { ...makeProblem(409), offer: { label: 'Request this change', action: '/requests/draft', fields: [{ name: 'sql', value: 'drop' }] } }),
  stranger('problem/index', '404', makeProblem(404)),
  stranger('auth/sign-in', 'fresh', makeSignIn()),
  stranger('auth/sign-in', 'after an act', makeSignIn(), { flash }),
  stranger('auth/sign-in', 'refused', makeSignIn({ email: 'mara@acme.example', error: 'The password is wrong.' })),
];

const production = makeConnectionRow({ readLoginWrites: ['It may change rows'], lastUsedAt: null });

const connections: readonly Sample[] = [
  page('/databases', 'connections/index', 'full', {
    connections: [
      production,
      makeConnectionRow({ id: idOf(41), readLoginWrites: null }),
      makeConnectionRow({ id: idOf(42) }),
    ],
    can: { register: true },
  }),
  page('/databases', 'connections/index', 'empty', { connections: [], can: { register: true } }),
  page('/databases', 'connections/index', 'user', { connections: [], can: { register: false } }),
  page('/databases', 'connections/new', 'server', makeNewConnection()),
  page('/databases', 'connections/new', 'file', makeNewConnection('sqlite')),
  ...(['overview', 'rules', 'settings', 'history'] as const).map((tab) =>
    page('/databases', 'connections/show', tab, makeConnectionPage({ tab })),
  ),
  page('/databases', 'connections/show', 'user', makeUsedConnection()),
  page('/databases', 'connections/show', 'rules of a user', makeUsedConnection({ tab: 'rules' })),
  ...(['good', 'writes', 'unknown', 'failed'] as const).map((kind) =>
    page('/databases', 'connections/check', kind, makeConnectionCheck(kind)),
  ),
];

/** Every page with every kind of model it has to stand. */
export const SAMPLES: readonly Sample[] = [
  ...databases,
  ...connections,
  ...workbench,
  ...requests,
  ...results,
  ...others,
  ...account.map(([template, variant, model]) => page('/users/profile', template, variant, model)),
  ...people.map(([template, variant, model]) => stranger(template, variant, model)),
];
