import type { RequestForm, RequestPage, RequestRow, RequestsPage } from '../../../src/modules/approvals/requests/requests.view.js';
import { REQUEST_ACTS, type RequestAct } from '../../../src/modules/approvals/requests/requests.policy.js';
import { idOf, minutesAgo } from './frame.js';
import { makeResult } from './workbench.js';

export function makeRequestRow(change: Partial<RequestRow> = {}): RequestRow {
  return {
    id: idOf(70),
    number: 214,
    href: `/requests/${idOf(70)}`,
    title: 'Mark refunded orders of June as closed',
    kind: 'sql',
    state: 'pending',
    tone: 'accent',
    waitsForYou: true,
    risk: 'medium',
    riskTone: 'warn',
    environment: 'production',
    database: { id: idOf(10), name: 'orders_eu' },
    requester: 'Mara L.',
    createdAt: minutesAgo(12),
    expiresAt: minutesAgo(-1380),
    ...change,
  };
}

export function makeRequestsPage(change: Partial<RequestsPage> = {}): RequestsPage {
  return {
    show: 'waiting',
    tabs: [
      { label: 'Waiting for you', href: '/requests?show=waiting', current: true },
      { label: 'All', href: '/requests?show=all', current: false },
    ],
    requests: [makeRequestRow(), makeRequestRow({ id: idOf(71), waitsForYou: false, state: 'executed', tone: 'good' })],
    next: '/requests?show=waiting&before=213',
    ...change,
  };
}

export const canDo = (...acts: RequestAct[]): Record<RequestAct, boolean> =>
  Object.fromEntries(REQUEST_ACTS.map((act) => [act, acts.includes(act)])) as Record<RequestAct, boolean>;

const columns = [
  { name: 'id', type: 'bigint', key: true },
  { name: 'status', type: 'text', key: false },
];
const cell = (before: string | null, after: string | null, changed = false) => ({ before, after, changed });

export function makeRequestPage(change: Partial<RequestPage> = {}): RequestPage {
  return {
    ...makeRequestRow(),
    text: `update orders set status = 'closed' where status = 'refunded'`,
    textHash: '9f2c',
    reason: 'The refunds of June are through.',
    run: 'on_approval',
    scheduledFor: null,
    windowFrom: null,
    windowUntil: null,
    pod: 'Orders',
    version: 2,
    stateReason: null,
    statements: [{ class: 'dml', verb: 'update', tables: 'orders' }],
    findings: [{ code: 'update_without_where', severity: 'warning', message: 'It has no WHERE.' }],
    effect: {
      at: minutesAgo(11),
      refusal: null,
      affectedRows: 3,
      durationMs: 37,
      tables: [
        {
          table: 'public.orders',
          columns,
          inserted: 1,
          updated: 1,
          deleted: 1,
          rows: [
            { kind: 'updated', cells: [cell('1', '1'), cell('refunded', null, true)] },
            { kind: 'updated', cells: [cell('1', '1'), cell(null, 'closed', true)] },
            { kind: 'inserted', cells: [cell(null, '2'), cell(null, null)] },
            { kind: 'deleted', cells: [cell('3', null), cell('open', null)] },
          ],
          shown: 4,
          more: 114,
        },
      ],
      touched: [{ table: 'public.log', rows: 3 }],
      remarks: ['Numbers taken from a sequence are not given back.'],
    },
    tolerance: null,
    steps: [
      { title: 'A manager of Orders', people: 2, given: 1, done: false, by: 'Petra S.' },
      { title: 'A manager of Payments', people: 1, given: 1, done: true, by: 'Jonas K.' },
    ],
    timeline: [
      { at: minutesAgo(12), actor: 'Mara L.', what: 'asked for it', text: null },
      { at: minutesAgo(9), actor: 'Petra S.', what: 'commented', text: 'Looks right.' },
    ],
    attempts: [],
    undoOf: null,
    can: canDo('approve', 'reject', 'preview', 'comment'),
    cannotDecide: null,
    ...change,
  };
}

export function makeExecutedRequest(): RequestPage {
  const { columns: resultColumns } = makeResult();
  const result = {
    statement: 'select 1',
    columns: resultColumns,
    rows: [{ record: 0, cells: ['DE', 812] }],
    truncated: false,
    affectedRows: null,
    durationMs: 3,
  };
  const attempt = { number: 1, outcome: 'executed', tone: 'good', reason: null, startedAt: minutesAgo(3) };
  const failed = { number: 2, outcome: 'failed', tone: 'bad', reason: 'effect_changed: 2 rows', startedAt: minutesAgo(2) };
  return makeRequestPage({
    ...{ state: 'failed', stateReason: 'effect_changed: other rows', environment: 'sandbox', waitsForYou: false },
    can: canDo('undo', 'comment', 'execute', 'edit', 'withdraw', 'resubmit'),
    cannotDecide: 'You asked for this: somebody else has to decide.',
    undoOf: idOf(72),
    attempts: [
      { ...attempt, durationMs: 41, affectedRows: 118, results: [result] },
      { ...failed, durationMs: null, affectedRows: null, results: [] },
    ],
  });
}

export function makeRequestForm(change: Partial<RequestForm> = {}): RequestForm {
  return {
    id: null,
    draft: { title: '', text: 'update orders set status = 1', reason: '', run: 'on_approval' },
    databases: [{ id: idOf(10), name: 'orders_eu', selected: true }],
    pods: [{ id: idOf(30), name: 'Orders', selected: false }],
    ...change,
  };
}
