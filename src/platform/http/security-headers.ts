import type { FastifyInstance, FastifyReply } from 'fastify';
import { randomBytes } from 'node:crypto';
import { isApi } from './request.js';

declare module 'fastify' {
  interface FastifyReply {
    /** What a style that a script makes has to name, so that the policy lets it in. Only pages have one. */
    cspNonce: { readonly style: string };
  }
}

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

const PAGES = {
  ...EVERYWHERE,
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  // With no-referrer a browser says `Origin: null` on our own forms.
  'referrer-policy': 'same-origin',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
};

/** JSON loads nothing and is shown in no frame. */
const API = { ...EVERYWHERE, 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" };

const ENCRYPTED_ONLY = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Puts on every answer what a browser must know about it. All but the nonce is settled once, at the start. */
export function registerSecurityHeaders(server: FastifyInstance, encrypted: boolean): void {
  const more = encrypted ? ENCRYPTED_ONLY : {};
  const api = { ...API, ...more };
  const pages = { ...PAGES, ...more };
  server.decorateReply<FastifyReply['cspNonce'] | null>('cspNonce', null);
  server.addHook('onRequest', (request, reply, done) => {
    if (isApi(request)) void reply.headers(api);
    else void withNonce(reply.headers(pages));
    done();
  });
}

function withNonce(reply: FastifyReply): FastifyReply {
  const style = randomBytes(16).toString('base64url');
  reply.cspNonce = { style };
  return reply.header('content-security-policy', pagePolicy(style));
}
