import type { Actor } from '../../platform/access/actor.js';
import { atLeast } from '../../platform/access/roles.js';
import { meter, type Meter } from '../../platform/http/meter.js';
import type { StoredEntry } from '../audit/audit.types.js';
import type { QuotaState } from './database-creation.service.js';
import { mayDo, type Act, type Reach } from './databases.policy.js';
import type { VisibleDatabase } from './databases.service.js';
import type { DatabaseRecord, DatabaseState, ServerFacts } from './databases.types.js';
import {
  connectionStrings,
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

export function databaseRow({ record, reach }: VisibleDatabase, context: RowContext): DatabaseRow {
  const status = statusOf(record.status);
  return {
    id: record.id,
    name: record.name,
    engine: 'postgres',
    engineName: engineNameOf(record, context),
    origin: 'provisioned',
    environment: 'sandbox',
    template: record.template,
    status,
    statusReason: record.statusReason,
    tone: toneOf(status),
    busy: isBusy(status),
    owner: ownerOf(record, context),
    ...sizeOf(record),
    lastUsedAt: record.lastUsedAt?.toISOString() ?? null,
    createdAt: record.createdAt.toISOString(),
    can: rightsOf(context.actor, record, reach),
  };
}

export function databasesPage(
  found: readonly VisibleDatabase[],
  state: QuotaState,
  context: RowContext,
): DatabasesPage {
  const gone = (status: DatabaseState): boolean => status === 'deleted' || status === 'deleting';
  return {
    databases: found.filter(({ record }) => !gone(record.status)).map((row) => databaseRow(row, context)),
    deleted: found.filter(({ record }) => gone(record.status)).map((row) => deletedRow(row, context)),
    quotas: quotaMeters(state),
    can: { create: atLeast(context.actor.role, 'developer') },
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
    engine: 'postgres',
    status: statusOf(record.status),
    connection: { ...connection, password },
    strings: connectionStrings(connection, password),
  };
}

export function databaseEvent(entry: StoredEntry): DatabaseEvent {
  const { id, at, actor_name: actor, action, outcome, details } = entry;
  const summary = Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return { id, at: at.toISOString(), actor, action, outcome, summary };
}

function deletedRow({ record, reach }: VisibleDatabase, context: RowContext): DeletedDatabaseRow {
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

function ownerOf(record: DatabaseRecord, { owners }: RowContext): { id: string; name: string } {
  return { id: record.ownerId, name: owners.get(record.ownerId) ?? 'somebody who left' };
}

function engineNameOf(record: DatabaseRecord, { servers }: RowContext): string {
  return servers.get(record.serverId)?.engineName ?? 'PostgreSQL';
}

function sizeOf(record: DatabaseRecord): { sizeBytes: number | null; sizeMeasuredAt: string | null } {
  return {
    sizeBytes: record.storageBytes === null ? null : Number(record.storageBytes),
    sizeMeasuredAt: record.storageMeasuredAt?.toISOString() ?? null,
  };
}
