import type { AppRequest } from './request.js';

/** A form that could not be accepted now, with everything in it, so that its person can send it again. */
export interface Resend {
  readonly action: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

const FORM = 'application/x-www-form-urlencoded';
/** What is typed anew rather than sent back. */
const SECRET = /password|secret|token|code|uri/i;

/** Null when what was sent is no plain form. */
export function resendOf(request: AppRequest): Resend | null {
  const { body, headers, originalUrl } = request;
  if (headers['content-type']?.startsWith(FORM) !== true || typeof body !== 'object' || body === null)
    return null;
  return { action: originalUrl, fields: fieldsIn(body, '') };
}

/** Levels are dots in names again, as the form had them. */
function fieldsIn(body: object, path: string): { name: string; value: string }[] {
  return Object.entries(body).flatMap(([key, value]: [string, unknown]) => {
    const name = `${path}${key}`;
    if (SECRET.test(name)) return [];
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return fieldsIn(value, `${name}.`);
    return [value].flat().map((one) => ({ name, value: String(one) }));
  });
}
