import type { Actor } from '../../../platform/access/actor.js';
import { Page } from '../../../platform/http/answers.js';
import type { RefusedForm } from '../../../platform/http/form-again.js';
import { ownPath } from '../../../platform/http/own-path.js';
import type { AccountFacts } from '../../users/users.types.js';
import type { ApiKeyRow } from '../api-keys/api-keys.view.js';
import {
  newPasswordField,
  type FormField,
  type NewPasswordField,
} from '../registration/registration.view.js';
import type { FactorState } from '../second-factor/second-factor.service.js';
import type { OpenSessionRow } from '../sessions.repository.js';

/** GET /users/profile */
export interface Profile {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly platformRole: string | null;
  readonly membership: {
    readonly id: string;
    readonly role: string;
    readonly tenant: { readonly id: string; readonly name: string };
  };
  readonly permissions: readonly string[];
}

/** The page around it: template `account/profile`. */
export interface ProfilePage extends Profile {
  readonly hasPassword: boolean;
  readonly passwordChangedAt: string;
  readonly factor: FactorState;
  readonly sessions: readonly SessionRow[];
  readonly keys: readonly ApiKeyRow[];
}

export interface SessionRow {
  readonly id: string;
  readonly current: boolean;
  /** `Firefox on Linux` */
  readonly agent: string;
  readonly ip: string;
  readonly tenantName: string;
  readonly method: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

export interface SessionsPage {
  readonly sessions: readonly SessionRow[];
}

/** GET /users/profile/name: template `account/name`. */
export interface NamePage {
  readonly name: FormField;
  readonly problem: string | null;
}

/** GET /users/profile/password: template `account/password`. */
export interface PasswordPage {
  readonly current: { readonly error: string | null };
  readonly newPassword: NewPasswordField;
  readonly problem: string | null;
}

/** GET /auth/confirm: template `account/confirm`. */
export interface ConfirmPage {
  readonly next: string;
  readonly problem: string | null;
}

const NEW = 'New password';

export function profileOf(actor: Actor): Profile {
  const { accountId: id, email, name, platformRole, membershipId, role, tenantId, tenantName } = actor;
  return {
    id,
    email,
    name,
    platformRole,
    membership: { id: membershipId, role, tenant: { id: tenantId, name: tenantName } },
    permissions: [...actor.permissions],
  };
}

export function profilePage(
  actor: Actor,
  account: AccountFacts,
  parts: Pick<ProfilePage, 'factor' | 'sessions' | 'keys'>,
): ProfilePage {
  return {
    ...profileOf(actor),
    hasPassword: account.passwordHash !== null,
    passwordChangedAt: account.passwordChangedAt.toISOString(),
    ...parts,
  };
}

export function sessionRow(row: OpenSessionRow, currentId: string): SessionRow {
  return {
    id: row.id,
    current: row.id === currentId,
    agent: agentOf(row.user_agent),
    ip: row.ip,
    tenantName: row.tenant_name ?? 'Platform',
    method: row.method === 'oidc' ? 'single sign-on' : 'password',
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
  };
}

export function namePage(name: string): NamePage {
  return { name: { value: name, error: null }, problem: null };
}

export function nameAgain({ typed, errorOf, problem, error }: RefusedForm): Page<NamePage> {
  const model = { name: { value: typed('name'), error: errorOf('name') }, problem };
  return new Page('account/name', 'account/_name', model, error.status);
}

export function passwordPage(): PasswordPage {
  return { current: { error: null }, newPassword: newPasswordField(null, NEW), problem: null };
}

export function passwordAgain({ errorOf, problem, error }: RefusedForm): Page<PasswordPage> {
  const model = {
    current: { error: errorOf('current') },
    newPassword: newPasswordField(errorOf('password'), NEW),
    problem,
  };
  return new Page('account/password', 'account/_password', model, error.status);
}

export function confirmAgain({ typed, error }: RefusedForm): Page<ConfirmPage> {
  const model = { next: ownPath(typed('next')), problem: error.message };
  return new Page('account/confirm', 'account/_confirm', model, error.status);
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b|\biPad\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** What a person recognises of a browser's own name; programs keep theirs. */
function agentOf(userAgent: string): string {
  const find = (list: typeof BROWSERS): string | undefined =>
    list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = find(BROWSERS);
  const system = find(SYSTEMS);
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  return userAgent === '' ? 'unknown program' : userAgent.slice(0, 60);
}
