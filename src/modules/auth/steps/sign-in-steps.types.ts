import { AppError, type ErrorKind } from '../../../platform/errors/app-error.js';
import type { AccountFacts, MemberFacts } from '../../users/users.types.js';
import type { OpenedSession } from '../sessions.service.js';

/** Where somebody signs in from. */
export interface SignInOrigin {
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

export interface SignedIn extends OpenedSession {
  readonly member: MemberFacts;
  /** After a second factor was set up on the way in; shown once. */
  readonly recoveryCodes?: readonly string[];
}

/** What can stand between a right password and a session, in the order in which it is asked for. */
export type SignInStep = 'verify' | 'password' | 'code' | 'tenant' | 'organisation' | 'enrol';

export interface TenantOption {
  readonly id: string;
  readonly name: string;
}

/** How far somebody has come who gave the right password. */
export interface SignInProgress {
  readonly account: AccountFacts;
  /** Id or name of the tenant to enter; needed only by accounts that belong to several. */
  readonly tenant?: string | undefined;
  /** Token of an invitation to accept on the way in. */
  readonly invitation?: string | undefined;
  /** One-time or recovery code; used up only where one is asked for. */
  readonly code?: string | undefined;
  /** The second factor was given. */
  readonly passed?: boolean | undefined;
  /** Name of an organisation to make; for accounts that belong to none. */
  readonly organisation?: string | undefined;
}

const REFUSALS: Readonly<Record<SignInStep, readonly [ErrorKind, string, string]>> = {
  verify: [
    'forbidden',
    'email_unverified',
    'Verify your address first: open the link in the mail that was sent to it.',
  ],
  password: [
    'forbidden',
    'password_change_required',
    'An administrator asked for a new password: have a link sent to your address and set one.',
  ],
  code: ['unauthenticated', 'second_factor_required', 'A second factor is needed: send its `code`, too.'],
  enrol: [
    'forbidden',
    'second_factor_enrolment_required',
    'This organisation needs a second factor of you: sign in with a browser to set one up.',
  ],
  tenant: ['conflict', 'choose_tenant', 'You belong to several organisations: say which one, in `tenant`.'],
  organisation: ['forbidden', 'no_membership', 'This account has no organisation that it may enter now.'],
};

/** The password was right, and something is still missing. Pages lead on to it; the API says what it is. */
export class StepRequiredError extends AppError {
  constructor(
    readonly step: SignInStep,
    readonly progress: SignInProgress,
    tenants: readonly TenantOption[] | null = null,
  ) {
    const [kind, code, message] = REFUSALS[step];
    super(kind, code, message, tenants === null ? {} : { extra: { tenants } });
  }
}
