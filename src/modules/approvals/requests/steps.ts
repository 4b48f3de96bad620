import { atLeast } from '../../../platform/access/roles.js';
import type { Approver, Decision, Risk, Step } from './requests.types.js';

/** What decides how many people have to agree. */
export interface StepFacts {
  readonly environment: string;
  readonly risk: Risk;
  /** The pods of the request and of the database, each with its name. */
  readonly pods: readonly { readonly id: string; readonly name: string }[];
}

/**
 * The steps where no rule of the tenant says otherwise: a manager of every pod concerned, or one of the tenant where
 * there is none; two people for what is risky in production.
 */
export function defaultSteps({ environment, risk, pods }: StepFacts): Step[] {
  const people = environment === 'production' && risk === 'high' ? 2 : 1;
  if (pods.length === 0)
    return [{ title: 'A manager of the organisation', podId: null, role: 'manager', people }];
  return pods.map(({ id, name }) => ({ title: `A manager of ${name}`, podId: id, role: 'manager', people }));
}

/** May this person count towards this step? Administrators of the tenant count everywhere. */
export function isEligible(step: Step, person: Approver): boolean {
  if (person.role === 'tenant_admin') return true;
  if (step.role === 'tenant_admin' || !atLeast(person.role, 'manager')) return false;
  return step.podId === null || person.managedPodIds.includes(step.podId);
}

export interface StepProgress {
  readonly step: Step;
  readonly given: number;
  readonly by: readonly Decision[];
  readonly done: boolean;
}

export function progressOf(steps: readonly Step[], decisions: readonly Decision[]): StepProgress[] {
  return steps.map((step, index) => {
    const by = decisions.filter((decision) => decision.step === index);
    return { step, by, given: by.length, done: by.length >= step.people };
  });
}

/** The step that a yes of this person counts for: the first that is open to them; -1 when there is none. */
export function openStepFor(
  steps: readonly Step[],
  decisions: readonly Decision[],
  person: Approver,
): number {
  return progressOf(steps, decisions).findIndex(({ done, step }) => !done && isEligible(step, person));
}

/** No steps are no consent: what nobody had to approve was not approved. */
export function isApproved(steps: readonly Step[], decisions: readonly Decision[]): boolean {
  return steps.length > 0 && progressOf(steps, decisions).every(({ done }) => done);
}
