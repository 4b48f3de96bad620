import { Injectable } from '@nestjs/common';
import { Done, type CookieChange } from '../../../platform/http/answers.js';
import { HostCookies, type CookieJar } from '../../../platform/http/cookies.js';

export type LinkKind = 'verify' | 'reset' | 'invitation';

const SECONDS = 3600;

/**
 * Takes the token of a mailed link out of the address at once and keeps it in a cookie, so that it stands in no
 * history, no log of a proxy and no Referer. Nothing is used up by opening a link: programs that look at mails do that.
 */
@Injectable()
export class LinkCookies {
  constructor(private readonly cookies: HostCookies) {}

  /** The same page, without the token. */
  arrive(kind: LinkKind, token: string, address: string): Done<{ address: string }> {
    return Done.to(address, { address })
      .withCookie(this.cookies.change(`${kind}-link`, token.slice(0, 200), SECONDS))
      .withHeader('referrer-policy', 'no-referrer');
  }

  read(jar: CookieJar, kind: LinkKind): string | undefined {
    return this.cookies.read(jar, `${kind}-link`);
  }

  forget(kind: LinkKind): CookieChange {
    return this.cookies.change(`${kind}-link`, null, 0);
  }
}
