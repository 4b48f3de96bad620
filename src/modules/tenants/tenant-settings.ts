import { z } from 'zod';
import { ROLES } from '../../platform/access/roles.js';

/** What a tenant decides for itself, kept in `tenant.settings`. What is absent or unreadable has its default. */
export const tenantSettingsSchema = z.object({
  /** Whose mailbox is in one of these domains may join by itself, as viewer. */
  allowedDomains: z.array(z.string().toLowerCase()).catch([]),
  /** Who needs a second factor to come in. */
  secondFactorRoles: z.array(z.enum(ROLES)).catch([]),
});

export type TenantSettings = z.output<typeof tenantSettingsSchema>;

export function tenantSettings(stored: unknown): TenantSettings {
  return tenantSettingsSchema.parse(typeof stored === 'object' && stored !== null ? stored : {});
}
