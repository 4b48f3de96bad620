import type { FastifyReply } from 'fastify';
import { gunzipSync } from 'node:zlib';
import type { Versioned } from './answers.js';
import type { AppRequest } from './request.js';

/** Only for whoever asked: what it says depends on who that is. */
export function writeVersioned(answer: Versioned, request: AppRequest, reply: FastifyReply): Buffer | string {
  const tag = `"${answer.version}"`;
  void reply.headers({
    etag: tag,
    'cache-control': `private, max-age=${String(answer.maxAgeSeconds)}, stale-while-revalidate=86400`,
    vary: 'Accept-Encoding, Cookie, Authorization',
  });
  if (includesTag(request.headers['if-none-match'], tag)) {
    void reply.status(304);
    return '';
  }
  void reply.status(200).header('content-type', 'application/json; charset=utf-8');
  if (!/\bgzip\b/i.test(request.headers['accept-encoding'] ?? '')) return gunzipSync(answer.gzipped);
  void reply.header('content-encoding', 'gzip');
  return answer.gzipped;
}

/** A proxy that compresses may have made the tag a weak one. */
function includesTag(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((part) => part.trim().replace(/^W\//, '') === tag);
}
