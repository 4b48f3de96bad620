import type { PlatformRole, Role } from './roles.js';

/** Every right a route can ask for. A route says exactly one of them with `@Allow`. */
export const PERMISSIONS = [
  'session:own',
  'profile:read',
  'account:own',
  'overview:read',
  'databases:read',
  'databases:create',
  'databases:operate',
  'databases:delete',
  'connections:manage',
  'queries:run',
  'queries:read',
  'queries:export',
  'requests:read',
  'requests:submit',
  'requests:decide',
  'audit:read',
  'platform:operate',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const VIEWER: readonly Permission[] = [
  'session:own',
  'profile:read',
  'account:own',
  'overview:read',
  'databases:read',
  'queries:run',
  'queries:read',
];
const DEVELOPER: readonly Permission[] = [
  ...VIEWER,
  'queries:export',
  'databases:create',
  'databases:operate',
  'databases:delete',
  'requests:read',
  'requests:submit',
];
const MANAGER: readonly Permission[] = [...DEVELOPER, 'requests:decide'];
const TENANT_ADMIN: readonly Permission[] = [...MANAGER, 'connections:manage', 'audit:read'];

const BY_ROLE: Record<Role, ReadonlySet<Permission>> = {
  viewer: new Set(VIEWER),
  developer: new Set(DEVELOPER),
  manager: new Set(MANAGER),
  tenant_admin: new Set(TENANT_ADMIN),
};

const SUPER_ADMIN: readonly Permission[] = ['platform:operate'];

/** The rights of a role in its tenant, and of the platform role beside it. */
export function permissionsOf(role: Role, platformRole: PlatformRole): ReadonlySet<Permission> {
  return platformRole === 'super_admin' ? new Set([...BY_ROLE[role], ...SUPER_ADMIN]) : BY_ROLE[role];
}
