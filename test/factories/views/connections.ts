import { connectionCheck, emptyForm, filledForm, newConnectionPage, ownRules, ruleRows } from '../../../src/modules/databases/external/connections.view.js';
import type {
  ConnectionCheck,
  ConnectionPage,
  ConnectionRow,
  NewConnectionPage,
} from '../../../src/modules/databases/external/connections.view.js';
import type { ExternalDatabase } from '../../../src/modules/databases/external/external.types.js';
import { DEFAULT_RULES, type RuleFacts } from '../../../src/modules/databases/external/statement-rules.policy.js';
import { idOf, minutesAgo } from './frame.js';

const RECORD: ExternalDatabase = {
  origin: 'external',
  id: idOf(40),
  tenantId: idOf(2),
  ownerId: idOf(1),
  podId: null,
  name: 'orders-eu',
  engine: 'postgres',
  status: 'running',
  statusReason: null,
  statusSince: new Date(0),
  lastUsedAt: null,
  storageBytes: null,
  storageMeasuredAt: null,
  deletedAt: null,
  purgeAt: null,
  createdAt: new Date(0),
  environment: 'production',
  connection: {
    host: 'orders.db.example.com',
    port: 5432,
    database: 'orders',
    tlsMode: 'verify',
    tlsCa: '-----BEGIN CERTIFICATE-----',
    options: {},
    readUsername: 'cloud_reader',
    sealedReadPassword: 'v1.k1.x',
    writeUsername: 'cloud_writer',
    sealedWritePassword: 'v1.k1.y',
  },
  rules: null,
  loginFacts: { serverVersion: '16.4', writes: [] },
  checkedAt: new Date(0),
};

const FACTS: RuleFacts = {
  environment: 'production',
  rules: DEFAULT_RULES.production,
  readLoginWrites: true,
  hasWriteLogin: true,
};

export function makeConnectionRow(change: Partial<ConnectionRow> = {}): ConnectionRow {
  return {
    id: idOf(40),
    name: 'orders-eu',
    engine: 'postgres',
    engineName: 'PostgreSQL 16.4',
    origin: 'external',
    environment: 'production',
    production: true,
    owner: { id: idOf(1), name: 'Mara Lindqvist' },
    place: {
      host: 'orders.db.example.com',
      port: 5432,
      database: 'orders',
      tls: 'verify',
      hasCa: true,
      readUsername: 'cloud_reader',
      writeUsername: 'cloud_writer',
    },
    readLoginWrites: [],
    hasWriteLogin: true,
    checkedAt: minutesAgo(40),
    lastUsedAt: minutesAgo(3),
    createdAt: minutesAgo(9000),
    can: { manage: true },
    ...change,
  };
}

export function makeConnectionPage(change: Partial<ConnectionPage> = {}): ConnectionPage {
  return {
    ...makeConnectionRow({ readLoginWrites: ['It may change rows, such as public.orders'] }),
    tab: 'overview',
    rules: ruleRows(FACTS, 'tenant_admin', true),
    usualRules: false,
    own: ownRules(FACTS, 'tenant_admin'),
    form: filledForm(RECORD),
    history: [
      {
        id: idOf(60),
        at: minutesAgo(9000),
        actor: 'Mara Lindqvist',
        action: 'connection.register',
        outcome: 'done',
        summary: 'engine: postgres, environment: production',
      },
    ],
    ...change,
  };
}

/** What somebody sees who only uses it. */
export function makeUsedConnection(change: Partial<ConnectionPage> = {}): ConnectionPage {
  return makeConnectionPage({
    ...{ place: null, readLoginWrites: null, hasWriteLogin: false, checkedAt: null, lastUsedAt: null },
    ...{ environment: 'staging', production: false, can: { manage: false }, form: emptyForm('postgres') },
    rules: ruleRows(FACTS, 'developer', false),
    usualRules: true,
    history: [],
    ...change,
  });
}

export function makeNewConnection(engine: 'postgres' | 'sqlite' = 'postgres'): NewConnectionPage {
  return newConnectionPage(['postgres', 'mysql', 'sqlite', 'mongodb'], engine);
}

const CONNECTION = { engine: 'postgres', tlsMode: 'verify', write: { username: 'w', password: 'p' } } as const;

export function makeConnectionCheck(change: 'good' | 'writes' | 'unknown' | 'failed' = 'good'): ConnectionCheck {
  const failure = {
    step: 'login',
    code: 'login_failed',
    message: 'The server does not accept the user name or the password.',
  } as const;
  if (change === 'failed') return connectionCheck({ failure, loginFacts: null }, CONNECTION);
  const writes = change === 'writes' ? ['It may change rows, such as public.orders'] : [];
  const loginFacts = change === 'unknown' ? null : { serverVersion: '16.4', writes };
  return connectionCheck({ failure: null, loginFacts }, CONNECTION);
}
