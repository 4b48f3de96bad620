import type { AuditActor } from '../audit/audit.types.js';

/** Somebody who has no session yet, or none any more, as the audit log names them. */
export function auditActor(
  tenantId: string | null,
  { id, name, email }: { readonly id: string | null; readonly name: string; readonly email: string },
  { ip, requestId }: { readonly ip: string; readonly requestId: string },
): AuditActor {
  return { tenantId, accountId: id, name, email, ip, requestId };
}
