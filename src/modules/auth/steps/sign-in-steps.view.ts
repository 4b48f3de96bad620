import type { SignInStep, TenantOption } from './sign-in-steps.types.js';

/** GET /auth/login/step: what is still missing. */
export interface StepPage {
  readonly step: SignInStep | 'ready';
  readonly email: string;
  readonly tenants: readonly (TenantOption & { readonly selected: boolean })[];
  /** What was typed as the name of a new organisation. */
  readonly organisation: string;
  readonly problem: string | null;
}

export function stepPage(step: SignInStep | null, email: string, tenants: readonly TenantOption[]): StepPage {
  return {
    step: step ?? 'ready',
    email,
    tenants: tenants.map((tenant, index) => ({ ...tenant, selected: index === 0 })),
    organisation: '',
    problem: null,
  };
}
