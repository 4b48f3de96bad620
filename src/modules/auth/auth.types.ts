import { ownPath } from '../../platform/http/own-path.js';

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

/** The form as a stranger meets it; `next` is where they wanted to go. */
export function signInPage(next: string | undefined): SignInPage {
  return { email: '', next: ownPath(next), error: null, tenants: null };
}
