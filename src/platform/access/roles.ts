export const ROLES = ['viewer', 'developer', 'manager', 'tenant_admin'] as const;
export type Role = (typeof ROLES)[number];

export type PlatformRole = 'super_admin' | null;

/** True when `role` stands at or above `least` in viewer < developer < manager < tenant_admin. */
export function atLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}
