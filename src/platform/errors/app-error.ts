/**
 * The one error that is thrown on purpose. `kind` decides the HTTP status, `code` is stable and machine-readable
 * (snake_case, part of the API), `message` is a sentence that is safe to show to the person who caused it.
 */
export const ERROR_STATUS = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  limited: 429,
  'too-large': 413,
  unavailable: 503,
} as const;

export type ErrorKind = keyof typeof ERROR_STATUS;

export interface ErrorDetails {
  /** One sentence per field of the input that is at fault. */
  fields?: Readonly<Record<string, string>>;
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfter?: number;
  /** Further members of the problem document; plain JSON, never secrets. */
  extra?: Readonly<Record<string, unknown>>;
  /** The refusal stands in the audit log already. */
  recorded?: boolean;
  cause?: unknown;
}

export class AppError extends Error {
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfter: number | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly recorded: boolean;

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.fields = details.fields ?? {};
    this.retryAfter = details.retryAfter;
    this.extra = details.extra ?? {};
    this.recorded = details.recorded ?? false;
  }

  get status(): number {
    return ERROR_STATUS[this.kind];
  }
}

/** The answer for a thing that does not exist or belongs to somebody else: the two must look the same. */
export function notFound(what: string): AppError {
  return new AppError('not-found', 'not_found', `There is no such ${what}.`);
}

/** What a policy says: yes, or why not. */
export type Verdict = 'yes' | { code: string; reason: string };

/** Turns a policy's refusal into an error; does nothing when the policy said yes. */
export function refuseUnless(verdict: Verdict, kind: ErrorKind = 'forbidden'): void {
  if (verdict !== 'yes') throw new AppError(kind, verdict.code, verdict.reason);
}
