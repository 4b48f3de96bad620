import type { Resend } from './resend.js';

/** An RFC 9457 problem document: the JSON face of every error. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  /** One sentence per field of the input; only for 422 and 409. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** The same problem for people: `partials/problem` in a swap, `problem/index` as a page. */
export interface ProblemView {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly heading: string;
  /** What happened. */
  readonly detail: string;
  readonly errors: readonly { readonly field: string; readonly message: string }[];
  /** What became of the thing they were doing. */
  readonly kept: string;
  /** What to do now. */
  readonly advice: string;
  readonly next: { readonly label: string; readonly href: string };
  /** What was sent, to be sent again after signing in; null where there is nothing to repeat. */
  readonly resend: Resend | null;
  /** Another way to what they wanted, with what was sent; null where there is none. */
  readonly offer: (Resend & { readonly label: string }) | null;
}

type Wording = Pick<ProblemView, 'heading' | 'kept' | 'advice' | 'next'>;

const OVERVIEW = { label: 'Go to the overview', href: '/' };
const NOTHING_CHANGED = 'Nothing was changed.';

const WORDING: Readonly<Record<number, Wording>> = {
  401: {
    heading: 'Sign in to go on',
    kept: 'Nothing was changed, and what you typed is kept.',
    advice: 'Your session ended or there was none. Sign in again and go on from here.',
    next: { label: 'Sign in', href: '/' },
  },
  403: {
    heading: 'Your role may not do this',
    kept: NOTHING_CHANGED,
    advice: 'If you need it, ask an administrator of your organisation.',
    next: OVERVIEW,
  },
  404: {
    heading: 'Not found',
    kept: NOTHING_CHANGED,
    advice: 'The address may be mistyped, or the thing was removed or never was yours to see.',
    next: OVERVIEW,
  },
  409: {
    heading: 'This does not fit the present state',
    kept: 'Nothing was changed, and what you typed is kept.',
    advice: 'Go back, look at the present state and try again.',
    next: OVERVIEW,
  },
  413: {
    heading: 'This is too large',
    kept: NOTHING_CHANGED,
    advice: 'Send less at once.',
    next: OVERVIEW,
  },
  422: {
    heading: 'This cannot be accepted as it is',
    kept: 'Nothing was changed, and what you typed is kept.',
    advice: 'Correct what is named here and send it again.',
    next: OVERVIEW,
  },
  429: {
    heading: 'Too many requests',
    kept: NOTHING_CHANGED,
    advice: 'Wait a little and try again.',
    next: OVERVIEW,
  },
  503: {
    heading: 'Not available at the moment',
    kept: NOTHING_CHANGED,
    advice: 'Try again in a minute.',
    next: OVERVIEW,
  },
};

/** Where the status alone would say something wrong. */
const BY_CODE: Readonly<Record<string, Partial<Wording>>> = {
  statement_refused: {
    heading: 'Refused',
    kept: 'Nothing of the text was run, and what you typed is kept.',
    advice: 'Take that part out, and the rest can run.',
  },
  approval_required: {
    heading: 'This needs approval',
    kept: 'Nothing of the text was run, and what you typed is kept.',
    advice: 'Ask for it: somebody else looks at its effect, and then it runs exactly so.',
  },
  no_write_login: {
    heading: 'Refused',
    kept: 'Nothing of the text was run, and what you typed is kept.',
    advice: 'An administrator can register a login for writing on the page of the database.',
  },
  cross_site: {
    heading: 'Refused',
    advice: 'Open the page here and try again.',
  },
};

const UNEXPECTED: Wording = {
  heading: 'Something went wrong on our side',
  kept: 'It is not certain whether the last act took effect: look before you repeat it.',
  advice: 'If it happens again, tell your administrator the request id: it finds the cause in the log.',
  next: OVERVIEW,
};

/** The words that go with a problem document. */
export function problemView(problem: ProblemDocument): ProblemView {
  return {
    status: problem.status,
    code: problem.code,
    requestId: problem.requestId,
    detail: problem.detail,
    errors: Object.entries(problem.errors ?? {}).map(([field, message]) => ({ field, message })),
    resend: null,
    offer: null,
    ...(WORDING[problem.status] ?? UNEXPECTED),
    ...BY_CODE[problem.code],
  };
}
