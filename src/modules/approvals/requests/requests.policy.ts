import { atLeast } from '../../../platform/access/roles.js';
import type { Verdict } from '../../../platform/errors/app-error.js';
import type { Approver, Decision, RequestRecord, RequestState } from './requests.types.js';
import { isEligible, openStepFor } from './steps.js';

export const REQUEST_ACTS = [
  'edit',
  'preview',
  'comment',
  'withdraw',
  'approve',
  'reject',
  'execute',
  'undo',
  'resubmit',
  'settle',
] as const;
export type RequestAct = (typeof REQUEST_ACTS)[number];

/** What the policy has to know beside the request. */
export interface RequestContext {
  readonly person: Approver;
  /** Of the current version. */
  readonly decisions: readonly Decision[];
}

type Rule = (request: RequestRecord, context: RequestContext) => Verdict;

/**
 * Which act is allowed in which state, and for whom: buttons and checks both read this table. The database refuses
 * transitions that are not legal whatever stands here.
 */
const ACTS: Readonly<Record<RequestAct, { readonly from: readonly RequestState[]; readonly who: Rule }>> = {
  edit: { from: ['pending'], who: requesterOnly },
  preview: { from: ['pending', 'approved'], who: anyoneConcerned },
  comment: {
    from: ['pending', 'approved', 'executing', 'executed', 'failed', 'rejected', 'withdrawn', 'expired'],
    who: anyoneConcerned,
  },
  withdraw: { from: ['pending', 'approved'], who: requesterOrAdmin },
  approve: { from: ['pending'], who: mayApprove },
  reject: { from: ['pending'], who: mayReject },
  execute: { from: ['approved'], who: anyoneConcerned },
  undo: { from: ['executed'], who: developersConcerned },
  resubmit: { from: ['rejected', 'withdrawn', 'expired', 'failed'], who: requesterOnly },
  settle: { from: ['failed'], who: maySettle },
};

/** The reason of a failed request whose outcome nobody knows. */
export const INTERRUPTED = 'interrupted';

export function mayAct(act: RequestAct, request: RequestRecord, context: RequestContext): Verdict {
  const { from, who } = ACTS[act];
  if (!from.includes(request.state))
    return no('wrong_state', `A request that is ${request.state} cannot be ${PARTICIPLES[act]}.`);
  return who(request, context);
}

/** May this person see it: their own, those of their pods' managers, or as an administrator. */
export function maySee(request: RequestRecord, person: Approver, podIds: readonly string[]): boolean {
  if (request.requesterId === person.membershipId || person.role === 'tenant_admin') return true;
  if (request.podId !== null && podIds.includes(request.podId)) return true;
  return request.steps.some((step) => isEligible(step, person));
}

function requesterOnly({ requesterId }: RequestRecord, { person }: RequestContext): Verdict {
  return requesterId === person.membershipId
    ? 'yes'
    : no('not_yours', 'Only the person who asked may do this.');
}

function requesterOrAdmin(request: RequestRecord, context: RequestContext): Verdict {
  return context.person.role === 'tenant_admin' ? 'yes' : requesterOnly(request, context);
}

function anyoneConcerned(request: RequestRecord, { person }: RequestContext): Verdict {
  const concerned =
    request.requesterId === person.membershipId || request.steps.some((step) => isEligible(step, person));
  return concerned
    ? 'yes'
    : no('not_concerned', 'Only the person who asked and those who decide may do this.');
}

function developersConcerned(request: RequestRecord, context: RequestContext): Verdict {
  if (!atLeast(context.person.role, 'developer'))
    return no('not_allowed', 'Your role may not ask for changes.');
  return anyoneConcerned(request, context);
}

/** Nobody decides about what they asked for or wrote, administrators included. */
function notOwn(request: RequestRecord, { person, decisions }: RequestContext): Verdict {
  if (request.requesterId === person.membershipId)
    return no('own_request', 'You asked for this: somebody else has to decide.');
  if (request.lastEditorId === person.membershipId)
    return no('last_editor', 'You changed the text last: somebody else has to decide.');
  if (decisions.some(({ membershipId }) => membershipId === person.membershipId))
    return no('already_decided', 'You have approved this version already; a person counts once.');
  return 'yes';
}

function mayApprove(request: RequestRecord, context: RequestContext): Verdict {
  const own = notOwn(request, context);
  if (own !== 'yes') return own;
  return openStepFor(request.steps, context.decisions, context.person) >= 0
    ? 'yes'
    : no('not_eligible', 'No open step of this request asks for somebody like you.');
}

/** Whoever may decide in any step can end it with a no. */
function mayReject(request: RequestRecord, context: RequestContext): Verdict {
  if (request.requesterId === context.person.membershipId)
    return no('own_request', 'You asked for this: withdraw it instead.');
  return request.steps.some((step) => isEligible(step, context.person))
    ? 'yes'
    : no('not_eligible', 'No step of this request asks for somebody like you.');
}

/** Says what became of an execution that was interrupted; the person who asked for it does not. */
function maySettle(request: RequestRecord, context: RequestContext): Verdict {
  if (request.stateReason !== INTERRUPTED)
    return no('outcome_known', 'What became of this request is known already.');
  return mayReject(request, context);
}

function no(code: string, reason: string): Verdict {
  return { code, reason };
}

const PARTICIPLES: Readonly<Record<RequestAct, string>> = {
  edit: 'changed',
  preview: 'previewed',
  comment: 'commented',
  withdraw: 'withdrawn',
  approve: 'approved',
  reject: 'rejected',
  execute: 'executed',
  undo: 'undone',
  resubmit: 'asked for again',
  settle: 'settled',
};
