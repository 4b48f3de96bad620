import type { MemberFacts } from '../users/users.types.js';

/** The sign-in form; after a refusal it keeps the address and says why. */
export interface SignInPage {
  readonly email: string;
  /** Path to go to after signing in; always one of ours, beginning with a single slash. */
  readonly next: string;
  readonly error: string | null;
  /** Only when the account belongs to several tenants. */
  readonly tenants: readonly TenantChoice[] | null;
}

export interface TenantChoice {
  readonly id: string;
  readonly name: string;
  readonly selected: boolean;
}

/** POST /auth/login; `token` only under /api/v1. */
export interface SessionView {
  readonly token?: string;
  readonly expiresAt: string;
  readonly membership: {
    readonly id: string;
    readonly role: string;
    readonly tenant: { readonly id: string; readonly name: string };
  };
}

export function sessionView({ expiresAt, member }: { expiresAt: Date; member: MemberFacts }): SessionView {
  const { membershipId: id, role, tenantId, tenantName } = member;
  return {
    expiresAt: expiresAt.toISOString(),
    membership: { id, role, tenant: { id: tenantId, name: tenantName } },
  };
}

export function signInPage(next: string | undefined): SignInPage {
  return { email: '', next: ownPath(next), error: null, tenants: null };
}

/** A path on this site, whatever was given: never another site's address. */
export function ownPath(next: string | undefined): string {
  const here = 'http://here.invalid';
  if (next === undefined || !/^\/[^/\\]?[^\\\s]*$/.test(next) || !URL.canParse(next, here)) return '/';
  const { origin, pathname, search } = new URL(next, here);
  return origin === here ? `${pathname}${search}` : '/';
}
