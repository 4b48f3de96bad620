import { HttpException } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import type { ProblemDocument } from './problem-view.js';

/** What one error becomes for the outside; `unexpected` ones are logged with everything, and say nothing. */
export interface Problem {
  readonly document: ProblemDocument;
  readonly retryAfter: number | null;
  readonly unexpected: boolean;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not acceptable as it is',
  429: 'Too many requests',
  503: 'Not available',
};

/** Refusals of the framework before a handler was reached, in our words. */
const FRAMEWORK: Readonly<Record<number, { code: string; detail: string }>> = {
  400: { code: 'bad_request', detail: 'The request cannot be read: check its body and its address.' },
  404: { code: 'not_found', detail: 'There is nothing at this address.' },
  405: { code: 'method_not_allowed', detail: 'This address does not answer to this method.' },
  413: { code: 'body_too_large', detail: 'The request is larger than 1 MB.' },
  415: {
    code: 'unsupported_media_type',
    detail: 'Send the body as application/json, or as a form from the page.',
  },
};

export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof AppError) return fromAppError(error, requestId);
  const status = statusOf(error);
  const known = FRAMEWORK[status];
  if (known !== undefined) {
    return {
      document: documentOf(status, known.code, known.detail, requestId),
      retryAfter: null,
      unexpected: false,
    };
  }
  const detail = 'Something went wrong on our side. The request id finds the cause in the log.';
  return { document: documentOf(500, 'internal', detail, requestId), retryAfter: null, unexpected: true };
}

function fromAppError(error: AppError, requestId: string): Problem {
  const document = documentOf(error.status, error.code, error.message, requestId);
  const errors = Object.keys(error.fields).length > 0 ? { errors: error.fields } : {};
  return {
    document: { ...error.extra, ...document, ...errors },
    retryAfter: error.retryAfter ?? null,
    unexpected: false,
  };
}

function documentOf(status: number, code: string, detail: string, requestId: string): ProblemDocument {
  const title = TITLES[status] ?? 'Something went wrong';
  return { type: `urn:clouddb:problem:${code}`, title, status, detail, code, requestId };
}

/** Nest's exceptions and Fastify's errors both carry a status; anything else is a 500. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return 500;
}
