import type { SandboxTemplate } from '../../engines/provisioning.js';
import { meter } from '../../platform/http/meter.js';
import type { QuotaState } from './database-creation.service.js';
import type { DatabaseRecord } from './databases.types.js';
import type { Choice, DatabaseAccess, DatabasePage, QuotaEffect } from './databases.view.js';

export interface DraftValues {
  readonly name?: string;
  readonly template?: string;
}

const TEMPLATE_WORDS: Readonly<Record<SandboxTemplate, readonly [string, string]>> = {
  blank: ['Blank', 'An empty database.'],
  sample: ['Sample shop', 'Customers, products, orders and 50,000 order lines, to try things on.'],
};

const AUTO_STOP: readonly (readonly [number, string])[] = [
  [0, 'Never'],
  [15, 'After 15 minutes'],
  [60, 'After 1 hour'],
  [240, 'After 4 hours'],
  [1440, 'After 1 day'],
  [10_080, 'After 1 week'],
];

export function templateChoice(template: SandboxTemplate, selected: boolean): Choice {
  const [label, sentence] = TEMPLATE_WORDS[template];
  return { value: template, label, sentence, selected };
}

/** The quotas as they would be with one database more. */
export function quotaEffects({ quota, databases }: QuotaState): QuotaEffect[] {
  const after = databases + 1;
  const { level } = meter('Databases', after, quota.maxDatabases);
  return [{ label: 'Databases', unit: 'count', before: databases, after, limit: quota.maxDatabases, level }];
}

/** A setting that is none of the usual ones is shown as it is. */
export function autoStopChoices(minutes: number | null): DatabasePage['autoStopChoices'] {
  const present = minutes ?? 0;
  const known = AUTO_STOP.some(([choice]) => choice === present);
  const more = known ? [] : [[present, `After ${String(present)} minutes`] as const];
  return [...AUTO_STOP, ...more].map(([choice, label]) => ({
    minutes: choice,
    label,
    selected: choice === present,
  }));
}

export function autoStopAt({
  status,
  autoStopMinutes,
  lastUsedAt,
  statusSince,
}: DatabaseRecord): string | null {
  if (status !== 'running' || autoStopMinutes === null) return null;
  const used = Math.max(statusSince.getTime(), lastUsedAt?.getTime() ?? 0);
  return new Date(used + autoStopMinutes * 60_000).toISOString();
}

/** The two logins of the database; people are added when there is more than its owner. */
export function accessOf(record: DatabaseRecord, people: DatabaseAccess['grants']): DatabaseAccess {
  const { connectionLimit } = record;
  return {
    logins: [
      { username: record.writeLogin, access: 'read-write', connectionLimit },
      { username: record.readLogin, access: 'read-only', connectionLimit },
    ],
    grants: people,
  };
}
