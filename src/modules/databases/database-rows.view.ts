import type { Actor } from '../../platform/access/actor.js';
import { atLeast } from '../../platform/access/roles.js';
import { meter, type Meter } from '../../platform/http/meter.js';
import type { StoredEntry } from '../audit/audit.types.js';
import type { QuotaState } from './database-creation.service.js';
import { mayDo, type Act, type Reach } from './databases.policy.js';
import type { VisibleDatabase } from './databases.service.js';
import { NO_RIGHTS } from './databases.view.js';
import {
  ENGINE_NAMES,
  type AnyDatabase,
  type DatabaseRecord,
  type DatabaseState,
  type ServerFacts,
} from './databases.types.js';
import { engineNameOf as externalEngineName } from './external/connections.view.js';
import type { ExternalDatabase } from './external/external.types.js';
import { connectionStrings } from './connection-strings.view.js';
import {
  isBusy,
  toneOf,
  type ConnectionView,
  type DatabaseCredentials,
  type DatabaseEvent,
  type DatabaseRights,
  type DatabaseRow,
  type DatabasesPage,
  type DatabaseStatus,
  type DeletedDatabaseRow,
} from './databases.view.js';

const MEGABYTE = 1_048_576;

/** What rows need beside themselves: names of owners and facts of servers. */
export interface RowContext {
  readonly actor: Actor;
  readonly owners: ReadonlyMap<string, string>;
  readonly servers: ReadonlyMap<string, ServerFacts>;
}

export function databaseRow(found: VisibleDatabase, context: RowContext): DatabaseRow {
  const { record, reach } = found;
  const common = {
    id: record.id,
    name: record.name,
    owner: ownerOf(record, context),
    lastUsedAt: record.lastUsedAt?.toISOString() ?? null,
    createdAt: record.createdAt.toISOString(),
  };
  return record.origin === 'external'
    ? { ...common, ...registeredFacts(record) }
    : { ...common, ...madeFacts(record, reach, context) };
}

type OwnFacts = Omit<DatabaseRow, 'id' | 'name' | 'owner' | 'lastUsedAt' | 'createdAt'>;

function madeFacts(record: DatabaseRecord, reach: Reach, context: RowContext): OwnFacts {
  const status = statusOf(record.status);
  return {
    engine: record.engine,
    engineName: engineNameOf(record, context),
    origin: 'provisioned',
    environment: 'sandbox',
    href: `/databases/${record.id}`,
    template: record.template,
    status,
    statusReason: record.statusReason,
    tone: toneOf(status),
    busy: isBusy(status),
    ...sizeOf(record),
    can: rightsOf(context.actor, record, reach),
  };
}

/** Nothing is known of a registered database while nobody asks it; whoever sees it may query it. */
function registeredFacts(record: ExternalDatabase): OwnFacts {
  return {
    engine: record.engine,
    engineName: externalEngineName(record),
    origin: 'external',
    environment: record.environment,
    href: `/connections/${record.id}`,
    template: null,
    status: 'registered',
    statusReason: null,
    tone: 'neutral',
    busy: false,
    sizeBytes: null,
    sizeMeasuredAt: null,
    can: { ...NO_RIGHTS, open: true },
  };
}

export function databasesPage(
  found: readonly VisibleDatabase[],
  state: QuotaState,
  context: RowContext,
): DatabasesPage {
  const gone = found.filter(isGone);
  return {
    databases: found.filter((row) => !isGone(row)).map((row) => databaseRow(row, context)),
    deleted: gone.map((row) => deletedRow(row, context)),
    quotas: quotaMeters(state),
    can: {
      create: atLeast(context.actor.role, 'developer'),
      register: context.actor.permissions.has('connections:manage'),
    },
    createRefusal: createRefusal(state),
  };
}

export function quotaMeters({ quota, databases, storageBytes }: QuotaState): Meter[] {
  return [
    meter('Databases', databases, quota.maxDatabases),
    meter('Storage', storageBytes, quota.maxStorageMb * MEGABYTE, 'bytes'),
  ];
}

export function createRefusal({ quota, databases }: QuotaState): string | null {
  return databases < quota.maxDatabases
    ? null
    : `All ${String(quota.maxDatabases)} databases of the plan ${quota.planName} are in use. Delete one first: that frees its place at once.`;
}

export function connectionOf(record: DatabaseRecord, server: ServerFacts): Omit<ConnectionView, 'password'> {
  const { physicalName: database, writeLogin: username } = record;
  return { host: server.publicHost, port: server.port, database, username };
}

/** With the password: for the one answer that may show it. */
export function credentialsOf(
  record: DatabaseRecord,
  server: ServerFacts,
  password: string,
): DatabaseCredentials {
  const connection = connectionOf(record, server);
  return {
    id: record.id,
    name: record.name,
    engine: record.engine,
    status: statusOf(record.status),
    connection: { ...connection, password },
    strings: connectionStrings(record.engine, connection, password),
  };
}

export function databaseEvent(entry: StoredEntry): DatabaseEvent {
  const { id, at, actor_name: actor, action, outcome, details } = entry;
  const summary = Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return { id, at: at.toISOString(), actor, action, outcome, summary };
}

function isGone(found: VisibleDatabase): found is VisibleDatabase<DatabaseRecord> {
  return found.record.status === 'deleted' || found.record.status === 'deleting';
}

function deletedRow(
  { record, reach }: VisibleDatabase<DatabaseRecord>,
  context: RowContext,
): DeletedDatabaseRow {
  const at = (date: Date | null): string => (date ?? record.statusSince).toISOString();
  return {
    id: record.id,
    name: record.name,
    engineName: engineNameOf(record, context),
    owner: ownerOf(record, context),
    sizeBytes: sizeOf(record).sizeBytes,
    deletedAt: at(record.deletedAt),
    purgeAt: at(record.purgeAt),
    can: { restore: mayDo('restore', context.actor, record, reach) === 'yes' },
  };
}

function rightsOf(actor: Actor, record: DatabaseRecord, reach: Reach): DatabaseRights {
  const may = (act: Act): boolean => mayDo(act, actor, record, reach) === 'yes';
  return {
    open: may('open'),
    start: may('start'),
    stop: may('stop'),
    rotate: may('rotate'),
    reset: may('reset'),
    clone: may('clone'),
    configure: may('configure'),
    delete: may('delete'),
    restore: may('restore'),
    retry: may('retry'),
  };
}

/** What was dropped for good is not shown to anybody. */
function statusOf(state: DatabaseState): DatabaseStatus {
  return state === 'purging' || state === 'purged' ? 'deleted' : state;
}

function ownerOf(record: AnyDatabase, { owners }: RowContext): { id: string; name: string } {
  return { id: record.ownerId, name: owners.get(record.ownerId) ?? 'somebody who left' };
}

function engineNameOf(record: DatabaseRecord, { servers }: RowContext): string {
  return servers.get(record.serverId)?.engineName ?? ENGINE_NAMES[record.engine];
}

function sizeOf(record: DatabaseRecord): { sizeBytes: number | null; sizeMeasuredAt: string | null } {
  return {
    sizeBytes: record.storageBytes === null ? null : Number(record.storageBytes),
    sizeMeasuredAt: record.storageMeasuredAt?.toISOString() ?? null,
  };
}
