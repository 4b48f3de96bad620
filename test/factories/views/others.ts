import type { AuditPage, AuditRow } from '../../../src/modules/audit/audit.view.js';
import { signInPage, type SignInPage } from '../../../src/modules/auth/auth.types.js';
import type { OverviewPage } from '../../../src/modules/workspace/workspace.view.js';
import type { LetterPage, OutboxPage } from '../../../src/platform/mail/outbox.view.js';
import type { ApiDocsPage } from '../../../src/platform/http/api-document.js';
import { meter } from '../../../src/platform/http/meter.js';
import { problemView, type ProblemView } from '../../../src/platform/http/problem-view.js';
import { makeDatabaseRow } from './databases.js';
import { idOf, minutesAgo } from './frame.js';
import { makeHistory } from './workbench.js';

export function makeAuditRow(change: Partial<AuditRow> = {}): AuditRow {
  return {
    id: idOf(60),
    sequence: 1204,
    at: minutesAgo(3),
    actor: { name: 'Mara Lindqvist', email: 'mara@acme.example' },
    action: 'database.create',
    object: { kind: 'database', id: idOf(10), name: 'shop_dev' },
    outcome: 'done',
    ip: '192.0.2.17',
    requestId: idOf(70),
    details: [{ name: 'template', value: 'sample' }],
    hash: '9f2c'.repeat(16),
    previousHash: 'e71a'.repeat(16),
    ...change,
  };
}

export function makeAuditPage(change: Partial<AuditPage> = {}): AuditPage {
  return {
    entries: [
      makeAuditRow({ sequence: null, hash: null, previousHash: null }),
      makeAuditRow({ id: idOf(61), action: 'database.delete', outcome: 'refused' }),
      makeAuditRow({ id: idOf(62), action: 'database.stop', outcome: 'failed' }),
      makeAuditRow({
        id: idOf(63),
        action: 'auth.login',
        object: null,
        actor: { name: 'System', email: '' },
        ...{ ip: '', requestId: '', details: [] },
      }),
    ],
    filter: { actor: '', object: '', from: '', to: '' },
    actions: [
      { value: 'auth.login', label: 'auth.login', selected: false },
      { value: 'database.create', label: 'database.create', selected: true },
    ],
    filtered: false,
    chain: {
      state: 'intact',
      tone: 'good',
      sealed: 1204,
      waiting: 1,
      checkedAt: minutesAgo(40),
      brokenAt: null,
      lastCheckpointAt: minutesAgo(61),
    },
    next: '/audit?before=1',
    first: '/audit',
    ...change,
  };
}

export function makeOverview(change: Partial<OverviewPage> = {}): OverviewPage {
  const { id, name, engineName, environment, href, status, tone, sizeBytes, lastUsedAt } = makeDatabaseRow();
  const database = { id, name, engineName, environment, href, status, tone, sizeBytes, lastUsedAt };
  const registered = { ...database, id: idOf(12), environment: 'production', status: 'registered' } as const;
  return {
    attention: [
      {
        tone: 'bad',
        text: 'import_trial failed while it was being made.',
        action: { label: 'Look', href: '/databases/1' },
      },
      { tone: 'warn', text: 'Storage is at 84 % of the quota.', action: null },
      { tone: 'accent', text: 'billing_tests stops in 8 min.', action: null },
    ],
    databases: [
      database,
      { ...database, id: idOf(11), name: 'new', status: 'stopped', tone: 'neutral', sizeBytes: null, lastUsedAt: null },
      { ...registered, sizeBytes: null },
    ],
    runs: makeHistory(),
    quotas: [meter('Databases', 5, 10), meter('Storage', 4_500_000_000, 5_368_709_120, 'bytes')],
    can: { createDatabase: true },
    ...change,
  };
}

export function makeSignIn(change: Partial<SignInPage> = {}): SignInPage {
  return { ...signInPage('/'), ...change };
}

export function makeProblem(status: number, errors: Record<string, string> = {}): ProblemView {
  return problemView({
    type: 'urn:clouddb:problem:name_taken',
    title: 'Conflict',
    status,
    detail: 'You already have a database with this name.',
    code: 'name_taken',
    requestId: idOf(71),
    errors,
  });
}

export function makeOutbox(): OutboxPage {
  const subject = 'Verify your address';
  return { letters: [{ id: idOf(80), to: 'mara@acme.example', subject, at: minutesAgo(2) }] };
}

export function makeLetter(): LetterPage {
  return {
    id: idOf(80),
    from: 'CloudDB Manager <no-reply@localhost>',
    to: 'mara@acme.example',
    subject: 'Verify your address',
    at: minutesAgo(2),
    pieces: [
      { text: 'Verify:\n', href: null },
      { text: 'https://db.example.com/v', href: 'https://db.example.com/v' },
    ],
  };
}

export function makeApiDocs(): ApiDocsPage {
  const parameters = [{ name: 'id', in: 'path', required: true }];
  const operation = { method: 'POST', path: '/databases/{id}/start', summary: 'Start a stopped database' };
  return {
    version: '1',
    groups: [{ name: 'databases', operations: [{ ...operation, parameters, body: 'CloneInput' }] }],
  };
}
