import type { Encoding, SandboxTemplate } from '../../engines/provisioning.js';
import { meter } from '../../platform/http/meter.js';
import type { QuotaState } from './database-creation.service.js';
import { ENGINE_NAMES, SANDBOX_ENGINES, type DatabaseRecord, type SandboxEngine } from './databases.types.js';
import type { Choice, DatabaseAccess, DatabasePage, OptionGroup, QuotaEffect } from './databases.view.js';
import type { ServerRoom } from './sandbox-servers.repository.js';
import { engineNameOf } from './server-directory.js';

export interface DraftValues {
  readonly name?: string;
  readonly template?: string;
  readonly engine?: string;
  readonly serverId?: string;
  readonly collation?: string;
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

const ENGINE_SENTENCES: Readonly<Record<SandboxEngine, string>> = {
  postgres: 'Schemas, strict types, extensions of its own. Clones copy the files.',
  mysql: 'What most web software expects. Clones copy table by table.',
};

/** The engines that have a server, each with the version of its first one. */
export function engineChoices(offers: readonly ServerRoom[], wanted: string | undefined): Choice[] {
  const present = SANDBOX_ENGINES.flatMap((engine) => offers.find((offer) => offer.engine === engine) ?? []);
  const chosen = present.find(({ engine }) => engine === wanted) ?? present[0];
  return present.map((offer) => ({
    value: offer.engine,
    label: engineNameOf(offer),
    sentence: ENGINE_SENTENCES[offer.engine],
    selected: offer === chosen,
  }));
}

/** Only where an engine has more than one server there is something to choose. */
export function serverOptions(offers: readonly ServerRoom[], wanted: string | undefined): OptionGroup[] {
  const groups = SANDBOX_ENGINES.map((engine) => offers.filter((offer) => offer.engine === engine));
  if (!groups.some((group) => group.length > 1)) return [];
  return groups
    .filter((group) => group.length > 0)
    .map((group) => ({
      label: ENGINE_NAMES[group[0]?.engine ?? 'postgres'],
      options: group.map((offer) => ({
        value: offer.id,
        label: `${offer.name} · ${engineNameOf(offer)}`,
        selected: offer.id === wanted,
      })),
    }));
}

export function encodingOptions(encodings: readonly Encoding[], wanted: string | undefined): OptionGroup[] {
  const sets = [...new Set(encodings.map(({ characterSet }) => characterSet))];
  const chosen = encodings.find(({ collation }) => collation === wanted) ?? encodings[0];
  return sets.map((label) => ({
    label,
    options: encodings
      .filter(({ characterSet }) => characterSet === label)
      .map(({ collation }) => ({
        value: collation,
        label: collation,
        selected: collation === chosen?.collation,
      })),
  }));
}

export function encodingText({ characterSet, textCollation: collation }: DatabaseRecord): string | null {
  return characterSet === null || collation === null ? null : `${characterSet}, ${collation}`;
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
