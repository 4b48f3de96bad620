import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Flash } from './frame.js';

const COOKIE = 'flash';
const SECONDS = 60;
const MAX_LENGTH = 3000;

const ownPath = z.string().regex(/^\/(?!\/)/);
const flashSchema = z.object({
  kind: z.enum(['info', 'good', 'bad']),
  text: z.string().max(500),
  link: z.object({ label: z.string().max(100), href: ownPath }).nullable(),
});

/** Keeps a sentence for the next page this browser asks for. */
export function leaveFlash(reply: FastifyReply, flash: Flash): void {
  const value = Buffer.from(JSON.stringify(flash)).toString('base64url');
  void reply.setCookie(COOKIE, value, { path: '/', httpOnly: true, sameSite: 'lax', maxAge: SECONDS });
}

/** Takes the sentence that was left, if any. Only a whole page takes it, so that no swap swallows it. */
export function takeFlash(request: FastifyRequest, reply: FastifyReply): Flash | null {
  const value = request.cookies[COOKIE];
  if (value === undefined) return null;
  void reply.clearCookie(COOKIE, { path: '/' });
  return value.length > MAX_LENGTH ? null : decode(value);
}

function decode(value: string): Flash | null {
  try {
    return flashSchema.parse(JSON.parse(Buffer.from(value, 'base64url').toString('utf8')));
  } catch {
    // The cookie is the browser's: whatever it holds instead is no message of ours.
    return null;
  }
}
