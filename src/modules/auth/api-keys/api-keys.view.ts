import { Page } from '../../../platform/http/answers.js';
import type { RefusedForm } from '../../../platform/http/form-again.js';
import type { Row } from '../../../platform/persistence/row.js';
import type { ApiKey } from './api-key.entity.js';

/** A key without itself: that is shown once, when it is made. */
export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scope: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly expired: boolean;
  readonly lastUsedAt: string | null;
  readonly lastUsedIp: string | null;
}

export interface ApiKeysPage {
  readonly keys: readonly ApiKeyRow[];
}

/** GET /auth/api-keys/new: template `account/api-key`. */
export interface ApiKeyForm {
  readonly name: { readonly value: string; readonly error: string | null };
  readonly scopes: readonly Choice[];
  readonly days: readonly Choice[];
  readonly problem: string | null;
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly sentence: string;
  readonly selected: boolean;
}

const SCOPES = [
  ['read', 'Read', 'Looks at everything you can see, and runs nothing.'],
  ['run', 'Run', 'Runs statements, too, with your rights on each database.'],
  ['admin', 'Admin', 'Does everything that you may do, but for deciding requests and for your account.'],
] as const;
const DAYS = [
  ['7', 'A week'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'A year'],
] as const;

export function apiKeyForm(typed: { name?: string; scope?: string; days?: string } = {}): ApiKeyForm {
  const { name = '', scope = 'read', days = '90' } = typed;
  return {
    name: { value: name, error: null },
    scopes: SCOPES.map(([value, label, sentence]) => ({ value, label, sentence, selected: value === scope })),
    days: DAYS.map(([value, label]) => ({ value, label, sentence: '', selected: value === days })),
    problem: null,
  };
}

export function apiKeyAgain({ typed, errorOf, problem, error }: RefusedForm): Page<ApiKeyForm> {
  const form = apiKeyForm({ name: typed('name'), scope: typed('scope'), days: typed('days') });
  const other = errorOf('scope') ?? errorOf('days');
  const model = {
    ...form,
    name: { ...form.name, error: errorOf('name') },
    problem: other === null ? problem : `The choice ${other}.`,
  };
  return new Page('account/api-key', 'account/_api-key', model, error.status);
}

export interface CreatedApiKey extends ApiKeyRow {
  readonly key: string;
}

export function apiKeyRow(row: Row<ApiKey>, now: Date): ApiKeyRow {
  const { id, name, prefix, scope } = row;
  return {
    id,
    name,
    prefix,
    scope,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    expired: row.expiresAt <= now,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastUsedIp: row.lastUsedIp,
  };
}
