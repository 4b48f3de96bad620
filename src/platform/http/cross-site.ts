import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';
import { isApi } from './request.js';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses unsafe requests that another site made a browser send. Browsers say where a request comes from in
 * `Sec-Fetch-Site`, older ones in `Origin`; a client that sends neither is no browser and carries nobody's cookies.
 * Under /api/v1 cookies do not count, so there is nothing to protect.
 */
export function refuseCrossSite(request: FastifyRequest, publicOrigin: string | null): void {
  if (SAFE.has(request.method) || isApi(request)) return;
  const site = request.headers['sec-fetch-site'];
  const same =
    site === undefined ? isOwnOrigin(request, publicOrigin) : site === 'same-origin' || site === 'none';
  if (!same) {
    throw new AppError('forbidden', 'cross_site', 'This request came from another site and was refused.');
  }
}

function isOwnOrigin(request: FastifyRequest, publicOrigin: string | null): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (publicOrigin !== null && origin === publicOrigin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
