import type { EnrolmentView } from '../second-factor/second-factor.view.js';
import type { SignInStep, TenantOption } from './sign-in-steps.types.js';

/** GET /auth/login/step: what is still missing. */
export interface StepPage {
  /** The secret to enrol; null at the other steps. */
  readonly enrolment: EnrolmentView | null;
  readonly step: SignInStep | 'ready';
  readonly heading: string;
  readonly email: string;
  readonly tenants: readonly (TenantOption & { readonly selected: boolean })[];
  /** What was typed as the name of a new organisation. */
  readonly organisation: string;
  readonly problem: string | null;
}

const HEADINGS: Readonly<Record<StepPage['step'], string>> = {
  verify: 'Verify your address',
  password: 'A new password is needed',
  code: 'Second factor',
  tenant: 'Choose the organisation',
  organisation: 'Your organisation',
  enrol: 'Set up a second factor',
  ready: 'You can go on',
};

export function stepPage(step: SignInStep | null, email: string, tenants: readonly TenantOption[]): StepPage {
  return {
    enrolment: null,
    step: step ?? 'ready',
    heading: HEADINGS[step ?? 'ready'],
    email,
    tenants: tenants.map((tenant, index) => ({ ...tenant, selected: index === 0 })),
    organisation: '',
    problem: null,
  };
}
