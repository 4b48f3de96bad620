import { Page } from '../../platform/http/answers.js';
import type { RefusedForm } from '../../platform/http/form-again.js';
import { ownPath } from '../../platform/http/own-path.js';
import type { MemberFacts } from '../users/users.types.js';
import type { SignInPage } from './auth.types.js';

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

/** The form again, with the reason and everything that was typed but the password. */
export function signInAgain({ typed, error }: RefusedForm): Page<SignInPage> {
  const [field, sentence] = Object.entries(error.fields)[0] ?? [];
  const model = {
    email: typed('email'),
    next: ownPath(typed('next')),
    error: field === undefined ? error.message : `The field ${field} ${sentence ?? ''}.`,
    retryAfter: error.retryAfter ?? null,
    invitation: typed('invitation'),
    invitedTo: null,
  };
  return new Page('auth/sign-in', 'auth/_sign-in', model, error.status);
}
