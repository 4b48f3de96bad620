import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/config.js';
import type { CookieChange } from '../../platform/http/answers.js';
import { HostCookies } from '../../platform/http/cookies.js';

const COOKIE = 'session';

/** The cookie that carries the session. */
@Injectable()
export class SessionCookie {
  readonly name: string;
  private readonly maxAgeSeconds: number;

  constructor(
    private readonly cookies: HostCookies,
    @Inject(CONFIG) config: Config,
  ) {
    this.name = cookies.nameOf(COOKIE);
    this.maxAgeSeconds = config.auth.sessionHours * 3600;
  }

  carrying(token: string | null): CookieChange {
    return this.cookies.change(COOKIE, token, this.maxAgeSeconds);
  }
}
