import { ownPath } from '../../platform/http/own-path.js';

/** The sign-in form; after a refusal it keeps the address and says why. */
export interface SignInPage {
  readonly email: string;
  /** Path to go to after signing in; always one of ours, beginning with a single slash. */
  readonly next: string;
  readonly error: string | null;
  /** Seconds until it makes sense to try again; null when that is now. */
  readonly retryAfter: number | null;
  /** Token of an invitation that signing in accepts; empty for none. */
  readonly invitation: string;
  /** The organisation that invited, where it is known. */
  readonly invitedTo: string | null;
}

/** The form as a stranger meets it; `next` is where they wanted to go. */
export function signInPage(next: string | undefined): SignInPage {
  const fresh = { email: '', error: null, retryAfter: null, invitation: '', invitedTo: null };
  return { ...fresh, next: ownPath(next) };
}
