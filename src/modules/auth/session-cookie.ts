import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, isLoopback, type Config } from '../../platform/config/config.js';
import type { CookieChange } from '../../platform/http/answers.js';

/**
 * The cookie that carries the session. Its `__Host-` prefix keeps other hosts and paths from setting it; browsers take
 * such a cookie over TLS and on loopback addresses. Only where plain HTTP was allowed on a network is it a plain one.
 */
@Injectable()
export class SessionCookie {
  readonly name: string;
  private readonly secure: boolean;
  private readonly maxAgeSeconds: number;

  constructor(@Inject(CONFIG) config: Config) {
    const { publicUrl, host } = config.http;
    const address = publicUrl === null ? null : new URL(publicUrl);
    this.secure = address?.protocol === 'https:' || isLoopback(address?.hostname ?? host);
    this.name = this.secure ? '__Host-session' : 'session';
    this.maxAgeSeconds = config.auth.sessionHours * 3600;
  }

  carrying(token: string | null): CookieChange {
    const { name, secure, maxAgeSeconds } = this;
    return { name, value: token, secure, maxAgeSeconds };
  }
}
