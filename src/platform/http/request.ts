import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Actor } from '../access/actor.js';

/** A request as handlers and the guard see it. */
export type AppRequest = FastifyRequest & { actor?: Actor };

/** Marks a request that came under /api/v1; the prefix itself is gone by the time it is routed. */
const API = Symbol('API');
type Marked = IncomingMessage & { [API]?: true };

const API_PREFIX = '/api/v1';
const METHODS: ReadonlySet<string> = new Set(['PUT', 'PATCH', 'DELETE']);

/**
 * Runs before routing: takes `/api/v1` off the address and gives `POST …?_method=delete` its real method, so that the
 * router, the guard and the cross-site check see one truth.
 */
export function rewriteUrl(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const api = url.startsWith(API_PREFIX) && /^[/?]|^$/.test(url.slice(API_PREFIX.length));
  if (api) (request as Marked)[API] = true;
  const address = api ? withSlash(url.slice(API_PREFIX.length)) : url;
  return request.method === 'POST' && !api ? withMethod(request, address) : address;
}

function withSlash(rest: string): string {
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function withMethod(request: IncomingMessage, url: string): string {
  const query = url.indexOf('?');
  if (query < 0) return url;
  const parameters = new URLSearchParams(url.slice(query + 1));
  const method = parameters.get('_method')?.toUpperCase() ?? '';
  if (!METHODS.has(method)) return url;
  request.method = method;
  parameters.delete('_method');
  return parameters.size === 0 ? url.slice(0, query) : `${url.slice(0, query)}?${parameters.toString()}`;
}

/** True under /api/v1: JSON always, and the only place where Bearer tokens count. */
export function isApi(request: FastifyRequest): boolean {
  return (request.raw as Marked)[API] === true;
}

/** Sent by a page on its own, and not because somebody did something: it does not keep a session from idling out. */
export function isBackground(request: FastifyRequest): boolean {
  return request.headers['x-background'] !== undefined;
}

export type Face = 'json' | 'fragment' | 'page';

/** Which of the three faces the request asks for. */
export function faceOf(request: FastifyRequest): Face {
  if (isApi(request) || wantsJson(request.headers.accept)) return 'json';
  const { headers } = request;
  const swap =
    headers['hx-request'] === 'true' &&
    headers['hx-boosted'] !== 'true' &&
    headers['hx-history-restore-request'] !== 'true' &&
    headers['hx-request-type'] !== 'full';
  return swap ? 'fragment' : 'page';
}

function wantsJson(accept: string | undefined): boolean {
  return (
    accept !== undefined && /application\/(?:problem\+)?json/i.test(accept) && !/text\/html/i.test(accept)
  );
}
