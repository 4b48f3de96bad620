import { Page } from '../../../platform/http/answers.js';
import type { RefusedForm } from '../../../platform/http/form-again.js';
import { newPasswordField, type NewPasswordField } from '../registration/registration.view.js';

/** GET /auth/forgot: template `auth/forgot`. */
export interface ForgotPage {
  readonly email: string;
  readonly problem: string | null;
  /** The mail is on its way, if there is such an account. */
  readonly sent: boolean;
}

/** GET /auth/reset: template `auth/reset`. */
export interface ResetPage {
  /** Null when the link is not good any more. */
  readonly email: string | null;
  readonly newPassword: NewPasswordField;
  readonly problem: string | null;
}

const NEW = 'New password';

export function forgotPage(email: string): ForgotPage {
  return { email, problem: null, sent: false };
}

export function forgotAgain({ typed, error }: RefusedForm): Page<ForgotPage> {
  const problem = error.fields['email'] === undefined ? error.message : 'Give your e-mail address.';
  return new Page(
    'auth/forgot',
    'auth/_forgot',
    { email: typed('email'), problem, sent: false },
    error.status,
  );
}

export function resetPage(email: string | undefined): ResetPage {
  return { email: email ?? null, newPassword: newPasswordField(null, NEW), problem: null };
}

export function resetAgain({ typed, errorOf, problem, error }: RefusedForm): Page<ResetPage> {
  const email = error.code === 'link_invalid' ? null : typed('email');
  const model = { email, newPassword: newPasswordField(errorOf('password'), NEW), problem };
  return new Page('auth/reset', 'auth/_reset', model, error.status);
}
