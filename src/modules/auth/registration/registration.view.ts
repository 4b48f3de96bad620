import { Page } from '../../../platform/http/answers.js';
import type { RefusedForm } from '../../../platform/http/form-again.js';
import type { InvitationFacts } from '../../users/invitations/invitations.types.js';
import { PASSWORD_RULES, type PasswordRule } from '../new-passwords/password-rules.policy.js';

export interface FormField {
  readonly value: string;
  readonly error: string | null;
}

/** What a form that sets a password shows beside the field. */
export interface NewPasswordField {
  readonly label: string;
  readonly rules: readonly PasswordRule[];
  readonly error: string | null;
}

/** GET /auth/register: template `auth/register`. */
export interface RegisterPage {
  readonly email: FormField;
  readonly firstName: FormField;
  readonly lastName: FormField;
  readonly organisation: FormField;
  readonly newPassword: NewPasswordField;
  /** Token of the invitation that is accepted; empty for none. */
  readonly invitation: string;
  readonly invitedTo: string | null;
  readonly problem: string | null;
}

/** POST /auth/register: the same whether or not the address had an account. */
export interface RegisteredView {
  /** `registered` after an invitation, whose link has proven the address. */
  readonly status: 'verification_required' | 'registered';
  readonly email: string;
}

/** GET /auth/invitation, when the link is not good any more. */
export interface InvitationPage {
  readonly invalid: true;
}

export function invitationPage(): InvitationPage {
  return { invalid: true };
}

/** GET /auth/verify: template `auth/verify`. */
export interface VerifyPage {
  /** Null when the link is not good any more. */
  readonly email: string | null;
}

export function newPasswordField(error: string | null = null, label = 'Password'): NewPasswordField {
  return { label, rules: PASSWORD_RULES, error };
}

const EMPTY: FormField = { value: '', error: null };

export function registerPage(invitation: InvitationFacts | undefined, token: string): RegisterPage {
  return {
    email: { value: invitation?.email ?? '', error: null },
    firstName: EMPTY,
    lastName: EMPTY,
    organisation: EMPTY,
    newPassword: newPasswordField(),
    invitation: invitation === undefined ? '' : token,
    invitedTo: invitation?.tenantName ?? null,
    problem: null,
  };
}

export function registerAgain({ typed, errorOf, problem, error }: RefusedForm): Page<RegisterPage> {
  const field = (name: string): FormField => ({ value: typed(name), error: errorOf(name) });
  const model = {
    email: field('email'),
    firstName: field('firstName'),
    lastName: field('lastName'),
    organisation: field('organisation'),
    newPassword: newPasswordField(errorOf('password')),
    invitation: typed('invitation'),
    invitedTo: null,
    problem,
  };
  return new Page('auth/register', 'auth/_register', model, error.status);
}
