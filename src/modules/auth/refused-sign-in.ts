import { AppError } from '../../platform/errors/app-error.js';
import { Page } from '../../platform/http/answers.js';
import { ownPath } from '../../platform/http/own-path.js';
import type { SignInPage } from './auth.types.js';
import { TenantChoiceError, type Credentials } from './sign-in.service.js';

/** The form again, with the reason and everything that was typed but the password. Other errors go on. */
export function refusedSignIn(error: unknown, input: Credentials & { next?: string }): Page<SignInPage> {
  if (!(error instanceof AppError)) throw error;
  const tenants =
    error instanceof TenantChoiceError
      ? error.members.map(({ tenantId: id, tenantName: name }, index) => ({
          id,
          name,
          selected: index === 0,
        }))
      : null;
  const model = {
    email: input.email,
    next: ownPath(input.next),
    error: tenants === null ? error.message : 'Choose the organisation and enter your password once more.',
    tenants,
  };
  return new Page('auth/sign-in', 'auth/_sign-in', model, error.status);
}
