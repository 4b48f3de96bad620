import { connectionStrings } from '../../../src/modules/databases/connection-strings.view.js';
import { meter } from '../../../src/platform/http/meter.js';
import {
  isBusy,
  toneOf,
  type DatabaseConfirmPage,
  type DatabaseCredentials,
  type DatabaseFormPage,
  type DatabasePage,
  type DatabaseRights,
  type DatabaseRow,
  type DatabasesPage,
} from '../../../src/modules/databases/databases.view.js';
import { idOf, minutesAgo, NOW } from './frame.js';

const NOTHING: DatabaseRights = {
  open: false,
  start: false,
  stop: false,
  rotate: false,
  reset: false,
  clone: false,
  configure: false,
  delete: false,
  restore: false,
  retry: false,
};

const CHANGES = { rotate: true, reset: true, clone: true, configure: true, delete: true } as const;

/** What an owner may do in each state. */
const RIGHTS: Partial<Record<DatabaseRow['status'], Partial<DatabaseRights>>> = {
  running: { ...CHANGES, open: true, stop: true },
  stopped: { ...CHANGES, open: true, start: true },
  failed: { retry: true, configure: true, reset: true, delete: true },
  deleted: { restore: true },
};

export function makeDatabaseRow(change: Partial<DatabaseRow> = {}): DatabaseRow {
  const status = change.status ?? 'running';
  return {
    id: idOf(10),
    name: 'shop_dev',
    engine: 'postgres',
    engineName: 'PostgreSQL 18',
    origin: 'provisioned',
    environment: 'sandbox',
    href: `/databases/${idOf(10)}`,
    template: 'sample',
    status,
    statusReason: null,
    tone: toneOf(status),
    busy: isBusy(status),
    owner: { id: idOf(1), name: 'Mara Lindqvist' },
    sizeBytes: 19_398_656,
    sizeMeasuredAt: minutesAgo(4),
    lastUsedAt: minutesAgo(12),
    createdAt: minutesAgo(9000),
    can: { ...NOTHING, ...RIGHTS[status] },
    ...change,
  };
}

const FAILED = 'The server did not carry it out. The log of the product has the reason.';

export function makeDatabasesPage(change: Partial<DatabasesPage> = {}): DatabasesPage {
  return {
    databases: [
      makeDatabaseRow(),
      makeDatabaseRow({ id: idOf(11), name: 'billing_tests', status: 'stopped', lastUsedAt: minutesAgo(4400) }),
      makeDatabaseRow({
        id: idOf(12),
        name: 'reporting_2026',
        status: 'provisioning',
        createdAt: minutesAgo(0.1),
        ...{ sizeBytes: null, sizeMeasuredAt: null, lastUsedAt: null },
      }),
      makeDatabaseRow({ id: idOf(13), name: 'import_trial', status: 'failed', statusReason: FAILED }),
      makeDatabaseRow({
        id: idOf(14),
        name: 'a_name_as_long_as_names_may_be_with_sixty_four_characters_in_it_x',
        owner: { id: idOf(2), name: 'Jonas Kowalczyk-Andersson' },
        can: { ...NOTHING, open: true },
      }),
    ],
    deleted: [
      {
        id: idOf(15),
        name: 'old_prototype',
        engineName: 'PostgreSQL 18',
        owner: { id: idOf(1), name: 'Mara Lindqvist' },
        sizeBytes: null,
        deletedAt: minutesAgo(2 * 1440),
        purgeAt: minutesAgo(-28 * 1440),
        can: { restore: true },
      },
    ],
    quotas: [meter('Databases', 5, 10), meter('Storage', 4_500_000_000, 5_368_709_120, 'bytes')],
    can: { create: true, register: true },
    createRefusal: null,
    ...change,
  };
}

export const FULL_REFUSAL =
  'All 10 databases of the plan Standard are in use. Delete one first: that frees its place at once.';

const QUOTAS = [
  { label: 'Databases', unit: 'count', before: 5, after: 6, limit: 10, level: 'good' },
  { label: 'Storage', unit: 'bytes', before: 4e9, after: 4.02e9, limit: 5e9, level: 'warn' },
] as const;

export function makeDatabaseForm(change: Partial<DatabaseFormPage> = {}): DatabaseFormPage {
  return {
    name: '',
    engines: [
      {
        value: 'postgres',
        label: 'PostgreSQL 18',
        sentence: 'A database of its own with a read-write and a read-only login.',
        selected: true,
      },
    ],
    templates: [
      { value: 'blank', label: 'Blank', sentence: 'An empty database.', selected: false },
      {
        value: 'sample',
        label: 'Sample shop',
        sentence: 'Customers, products, orders and 50,000 order lines, to try things on.',
        selected: true,
      },
    ],
    servers: [],
    encodings: [],
    errors: { name: null, engine: null, serverId: null, collation: null, template: null },
    refusal: null,
    quotas: QUOTAS,
    ...change,
  };
}

/** What a form has beside MySQL: a choice of servers and of encodings. */
export const BOTH_ENGINES: Pick<DatabaseFormPage, 'engines' | 'servers' | 'encodings'> = {
  engines: [
    { value: 'postgres', label: 'PostgreSQL 18', sentence: 'Schemas and strict types.', selected: false },
    { value: 'mysql', label: 'MariaDB 10.11', sentence: 'What most web software expects.', selected: true },
  ],
  servers: [
    { label: 'PostgreSQL', options: [{ value: idOf(70), label: 'postgres-1 · PostgreSQL 18', selected: false }] },
    {
      label: 'MySQL',
      options: [
        { value: idOf(71), label: 'mysql-1 · MariaDB 10.11', selected: true },
        { value: idOf(72), label: 'mysql-2 · MariaDB 10.11', selected: false },
      ],
    },
  ],
  encodings: [
    {
      label: 'utf8mb4',
      options: [
        { value: 'utf8mb4_unicode_ci', label: 'utf8mb4_unicode_ci', selected: true },
        { value: 'utf8mb4_bin', label: 'utf8mb4_bin', selected: false },
      ],
    },
    { label: 'ascii', options: [{ value: 'ascii_bin', label: 'ascii_bin', selected: false }] },
  ],
};

export const MYSQL_CONFIRM: Partial<DatabaseConfirmPage> = {
  engine: 'mysql',
  engineName: 'MariaDB 10.11',
  serverId: idOf(71),
  serverName: 'mysql-1',
  characterSet: 'utf8mb4',
  collation: 'utf8mb4_unicode_ci',
};

export function makeDatabaseConfirm(change: Partial<DatabaseConfirmPage> = {}): DatabaseConfirmPage {
  return {
    name: 'shop_dev',
    engine: 'postgres',
    engineName: 'PostgreSQL 18',
    serverId: null,
    serverName: null,
    characterSet: null,
    collation: null,
    template: 'sample',
    templateName: 'Sample shop',
    templateSentence: 'Customers, products, orders and 50,000 order lines, to try things on.',
    autoStopMinutes: 60,
    quotas: QUOTAS,
    ...change,
  };
}

const CONNECTION = {
  host: 'sandbox.acme.example',
  port: 5433,
  database: 'db_0193a5c04b1e70008000000000000010',
  username: 'rw_0193a5c04b1e70008000000000000010',
};
const PASSWORD = 'x7Kq-2mVw_9pTzR4nB6c';

export function makeCredentials(change: Partial<DatabaseCredentials> = {}): DatabaseCredentials {
  return {
    id: idOf(10),
    name: 'shop_dev',
    engine: 'postgres',
    status: 'running',
    connection: { ...CONNECTION, password: PASSWORD },
    strings: connectionStrings('postgres', CONNECTION, PASSWORD),
    ...change,
  };
}

export function makeDatabasePage(change: Partial<DatabasePage> = {}): DatabasePage {
  const row = makeDatabaseRow(change);
  const running = row.status === 'running';
  return {
    ...row,
    tab: 'overview',
    clientName: 'PostgreSQL',
    encoding: null,
    connection: CONNECTION,
    strings: connectionStrings('postgres', CONNECTION),
    activity: {
      connections: running ? 2 : null,
      connectionLimit: 20,
      autoStopAt: running ? minutesAgo(-48) : null,
    },
    autoStopMinutes: 60,
    protected: false,
    purgeAt: row.status === 'deleted' ? minutesAgo(-28 * 1440) : null,
    access: {
      logins: [
        { username: CONNECTION.username, access: 'read-write', connectionLimit: 20 },
        { username: 'ro_0193a5c04b1e70008000000000000010', access: 'read-only', connectionLimit: 20 },
      ],
      grants: [
        { id: idOf(30), name: 'Jonas Kowalczyk', kind: 'person', level: 'read' },
        { id: idOf(31), name: 'Orders', kind: 'pod', level: 'write' },
      ],
    },
    history: [
      {
        id: idOf(40),
        at: minutesAgo(12),
        actor: 'Mara Lindqvist',
        action: 'database.start',
        outcome: 'done',
        summary: '',
      },
      {
        id: idOf(41),
        at: minutesAgo(300),
        actor: 'Jonas Kowalczyk',
        action: 'database.delete',
        outcome: 'refused',
        summary: 'reason: not_allowed',
      },
      { id: idOf(42), at: NOW, actor: 'System', action: 'database.stop', outcome: 'failed', summary: 'idle: 60' },
    ],
    autoStopChoices: [
      { minutes: 0, label: 'Never', selected: false },
      { minutes: 60, label: 'After 1 hour', selected: true },
    ],
    ...change,
  };
}

export const MYSQL_PAGE: Partial<DatabasePage> = {
  engine: 'mysql',
  engineName: 'MariaDB 10.11',
  clientName: 'MySQL',
  encoding: 'utf8mb4, utf8mb4_unicode_ci',
  strings: connectionStrings('mysql', CONNECTION),
};
