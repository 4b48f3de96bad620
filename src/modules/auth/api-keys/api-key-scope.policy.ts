import type { Permission } from '../../../platform/access/permissions.js';

export const API_KEY_SCOPES = ['read', 'run', 'admin'] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** What needs a person: their session and account, a decision that others count on, and the platform itself. */
const PEOPLE_ONLY: ReadonlySet<Permission> = new Set<Permission>([
  'session:own',
  'account:own',
  'requests:decide',
  'platform:operate',
]);
const RUN: ReadonlySet<Permission> = new Set<Permission>(['queries:export', 'requests:submit']);

/** Of the rights that the member has at this moment, those that a key of the scope has too. */
export function scopedPermissions(
  permissions: ReadonlySet<Permission>,
  scope: ApiKeyScope,
): ReadonlySet<Permission> {
  return new Set([...permissions].filter((permission) => isWithin(permission, scope)));
}

function isWithin(permission: Permission, scope: ApiKeyScope): boolean {
  if (PEOPLE_ONLY.has(permission)) return false;
  if (scope === 'admin') return true;
  if (permission.endsWith(':read')) return true;
  return scope === 'run' && (permission.endsWith(':run') || RUN.has(permission));
}
