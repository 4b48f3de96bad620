import { Injectable } from '@nestjs/common';
import {
  request as requestHttp,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { AppError } from '../errors/app-error.js';
import { Egress, type Destination, type Pinned } from './egress.js';

export interface OutgoingRequest {
  readonly destination: Destination;
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** For everything together, redirects included. */
  readonly timeoutMs: number;
  /** Of the answer's body; more is an error. */
  readonly maxBytes: number;
  /** A tenant's destination is reached by HTTPS unless this says otherwise. */
  readonly plainHttp?: boolean;
  /** How many times a GET follows a redirect; 0 when absent. */
  readonly redirects?: number;
  readonly signal?: AbortSignal;
}

export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** HTTP to the outside: every address is checked and pinned, redirects included; time and size are bounded. */
@Injectable()
export class OutgoingHttp {
  constructor(private readonly egress: Egress) {}

  /**
   * Any status is an answer. Throws what Egress refuses, `url_invalid`, `http_timeout`, `http_too_large`,
   * `http_redirected` and `http_failed`.
   */
  async send(request: OutgoingRequest): Promise<OutgoingAnswer> {
    const timeout = AbortSignal.timeout(request.timeoutMs);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
    try {
      return await this.follow(request, urlOf(request.url, request), request.redirects ?? 0, signal);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      if (timeout.aborted) throw failure('http_timeout', 'The other side did not answer in time.', cause);
      throw failure('http_failed', 'The other side could not be reached.', cause);
    }
  }

  private async follow(
    request: OutgoingRequest,
    url: URL,
    redirects: number,
    signal: AbortSignal,
  ): Promise<OutgoingAnswer> {
    const pinned = await within(signal, this.egress.pin(request.destination, hostOf(url), portOf(url)));
    const answer = await exchange(request, url, pinned, signal);
    const location = REDIRECTS.has(answer.status) ? answer.headers.location : undefined;
    if (location === undefined) return answer;
    if (redirects === 0 || (request.method ?? 'GET') !== 'GET' || !URL.canParse(location, url.href)) {
      throw failure('http_redirected', 'The other side sends to another address, which is not followed.');
    }
    const next = urlOf(new URL(location, url).href, request);
    // What was meant for one host is not told to another.
    const headers = next.origin === url.origin ? (request.headers ?? {}) : {};
    return this.follow({ ...request, headers }, next, redirects - 1, signal);
  }
}

function urlOf(text: string, { plainHttp = false }: OutgoingRequest): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const schemes = plainHttp ? ['https:', 'http:'] : ['https:'];
  if (url === undefined || !schemes.includes(url.protocol) || url.username !== '' || url.password !== '') {
    const text = `This is no ${plainHttp ? 'HTTP' : 'HTTPS'} address.`;
    throw new AppError('invalid', 'url_invalid', text, { fields: { url: text } });
  }
  return url;
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

async function exchange(
  { method = 'GET', headers = {}, body, maxBytes }: OutgoingRequest,
  url: URL,
  { host, address, port }: Pinned,
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: address,
      port,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { ...headers, host: url.host },
      agent: false,
      signal,
    } as const;
    const request: ClientRequest =
      url.protocol === 'https:'
        ? requestHttps({ ...options, ...(isIP(host) === 0 && { servername: host }) })
        : requestHttp(options);
    request.once('error', reject);
    request.once('response', (response) => {
      read(response, maxBytes).then((content) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: content });
      }, reject);
    });
    request.end(body);
  });
}

async function read(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw failure('http_too_large', 'The other side answered more than is taken.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener(
        'abort',
        () => {
          reject(signal.reason as Error);
        },
        { once: true },
      );
    }),
  ]);
}

function failure(code: string, text: string, cause?: unknown): AppError {
  return new AppError('unavailable', code, text, cause === undefined ? {} : { cause });
}
