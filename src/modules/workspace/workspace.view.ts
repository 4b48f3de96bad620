import type { Actor } from '../../platform/access/actor.js';
import { meter, type Meter } from '../../platform/http/meter.js';
import type { QuotaState } from '../databases/database-creation.service.js';
import type { VisibleDatabase } from '../databases/databases.service.js';
import { ENGINE_NAMES } from '../databases/external/external.types.js';
import type { AnyDatabase, Environment } from '../databases/databases.types.js';
import type { StoredRun } from '../queries/queries.types.js';

/** Something that waits for this person. */
export interface AttentionItem {
  readonly tone: 'warn' | 'bad' | 'accent';
  readonly text: string;
  readonly action: { readonly label: string; readonly href: string } | null;
}

export interface OverviewDatabase {
  readonly id: string;
  readonly name: string;
  readonly engineName: string;
  readonly environment: Environment;
  readonly href: string;
  readonly status: string;
  readonly tone: string;
  readonly sizeBytes: number | null;
  readonly lastUsedAt: string | null;
}

export interface OverviewRun {
  readonly runId: string;
  readonly summary: string;
  readonly databaseName: string;
  readonly status: string;
  readonly tone: string;
  readonly startedAt: string;
  readonly durationMs: number | null;
  readonly href: string;
}

/** GET /: template `overview/index`. */
export interface OverviewPage {
  readonly attention: readonly AttentionItem[];
  readonly databases: readonly OverviewDatabase[];
  readonly runs: readonly OverviewRun[];
  readonly quotas: readonly Meter[];
  readonly can: { readonly createDatabase: boolean };
}

const DATABASES_SHOWN = 6;
const WEEK_MS = 7 * 86_400_000;
const MEGABYTE = 1_048_576;

/** Colours of the states of databases and runs. */
const TONES: Readonly<Record<string, string>> = {
  running: 'good',
  succeeded: 'good',
  failed: 'bad',
  interrupted: 'bad',
  refused: 'warn',
  cancelled: 'warn',
  stopped: 'neutral',
  registered: 'neutral',
};

export function overviewPage(
  actor: Actor,
  visible: readonly VisibleDatabase[],
  { quota, databases, storageBytes }: QuotaState,
  { runs, now }: { runs: readonly StoredRun[]; now: Date },
): OverviewPage {
  const live = visible.filter(({ record }) => record.status !== 'deleted' && record.status !== 'deleting');
  return {
    attention: visible.flatMap(({ record }) => attentionFor(record, now)),
    databases: [...live]
      .sort((a, b) => lastUse(b.record) - lastUse(a.record))
      .slice(0, DATABASES_SHOWN)
      .map(databaseLine),
    runs: runs.map(runLine),
    quotas: [
      meter('Databases', databases, quota.maxDatabases),
      meter('Storage', storageBytes, quota.maxStorageMb * MEGABYTE, 'bytes'),
    ],
    can: { createDatabase: actor.permissions.has('databases:create') },
  };
}

function lastUse({ lastUsedAt, createdAt }: AnyDatabase): number {
  return (lastUsedAt ?? createdAt).getTime();
}

function attentionFor({ id, name, status, purgeAt }: AnyDatabase, now: Date): AttentionItem[] {
  const look = { label: 'Look', href: `/databases/${id}` };
  if (status === 'failed')
    return [{ tone: 'bad', text: `${name} failed and waits for a decision.`, action: look }];
  const soon = status === 'deleted' && purgeAt !== null && purgeAt.getTime() - now.getTime() < WEEK_MS;
  return soon ? [{ tone: 'warn', text: `${name} will soon be dropped for good.`, action: look }] : [];
}

function databaseLine({ record }: VisibleDatabase): OverviewDatabase {
  const { id, name, storageBytes, lastUsedAt } = record;
  const external = record.origin === 'external';
  const status = external ? 'registered' : record.status;
  return {
    id,
    name,
    engineName: ENGINE_NAMES[record.engine],
    environment: external ? record.environment : 'sandbox',
    href: `/${external ? 'connections' : 'databases'}/${id}`,
    status,
    tone: TONES[status] ?? 'accent',
    sizeBytes: storageBytes === null ? null : Number(storageBytes),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

function runLine({
  id,
  sql,
  databaseId,
  databaseName,
  status,
  startedAt,
  durationMs,
}: StoredRun): OverviewRun {
  return {
    runId: id,
    summary: sql.replace(/\s+/g, ' ').trim().slice(0, 100),
    databaseName,
    status,
    tone: TONES[status] ?? 'accent',
    startedAt: startedAt.toISOString(),
    durationMs,
    href: `/workbench?databaseId=${databaseId}&run=${id}`,
  };
}
