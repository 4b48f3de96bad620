import { createParamDecorator, Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { CONFIG, isLoopback, type Config } from '../config/config.js';
import type { CookieChange } from './answers.js';
import type { AppRequest } from './request.js';

export type CookieJar = Readonly<Record<string, string | undefined>>;

/** The cookies that came with the request. */
export const Cookies = createParamDecorator(
  (_: unknown, context: ExecutionContext): CookieJar =>
    context.switchToHttp().getRequest<AppRequest>().cookies,
);

/**
 * Cookies of this host alone: the `__Host-` prefix keeps other hosts and paths from setting them. Browsers take such a
 * cookie over TLS and on loopback addresses; only where plain HTTP was allowed on a network are they plain ones.
 */
@Injectable()
export class HostCookies {
  private readonly secure: boolean;

  constructor(@Inject(CONFIG) config: Pick<Config, 'http'>) {
    const { publicUrl, host } = config.http;
    const address = publicUrl === null ? null : new URL(publicUrl);
    this.secure = address?.protocol === 'https:' || isLoopback(address?.hostname ?? host);
  }

  nameOf(cookie: string): string {
    return this.secure ? `__Host-${cookie}` : cookie;
  }

  read(jar: CookieJar, cookie: string): string | undefined {
    return jar[this.nameOf(cookie)];
  }

  /** Null takes it away. */
  change(cookie: string, value: string | null, maxAgeSeconds: number): CookieChange {
    return { name: this.nameOf(cookie), value, secure: this.secure, maxAgeSeconds };
  }
}
