import type { AppRequest } from './request.js';

/** A form that could not be accepted now, with everything in it, so that its person can send it again. */
export interface Resend {
  readonly action: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

const FORM = 'application/x-www-form-urlencoded';
/** What is typed anew rather than sent back. */
const SECRET = /password|secret|token|code/i;

/** Null when what was sent is no plain form. */
export function resendOf(request: AppRequest): Resend | null {
  const { body, headers, originalUrl } = request;
  if (headers['content-type']?.startsWith(FORM) !== true || typeof body !== 'object' || body === null)
    return null;
  const fields = Object.entries(body).flatMap(([name, value]) =>
    SECRET.test(name) ? [] : [value].flat().map((one: unknown) => ({ name, value: String(one) })),
  );
  return { action: originalUrl, fields };
}
