import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { linkTokenHash, newLinkToken } from '../../../platform/sealing/link-token.js';
import { AccountLinksRepository, type LinkPurpose } from './account-links.repository.js';

const HOUR_MS = 3_600_000;
const LIFE_MS: Readonly<Record<LinkPurpose, number>> = { verify: 24 * HOUR_MS, reset: HOUR_MS };

/** Single-use links that are mailed to an account. A newer one of the same purpose makes the older ones worthless. */
@Injectable()
export class AccountLinksService {
  constructor(
    private readonly links: AccountLinksRepository,
    private readonly clock: Clock,
  ) {}

  /** The token of a new link; joins the open transaction. */
  async issue(accountId: string, purpose: LinkPurpose): Promise<string> {
    const now = this.clock.now();
    const { token, hash } = newLinkToken();
    await this.links.kill(accountId, purpose, now);
    const expiresAt = new Date(now.getTime() + LIFE_MS[purpose]);
    await this.links.insert(accountId, purpose, { hash, now, expiresAt });
    return token;
  }

  /** The account behind a link, without using it up; undefined when it is not good any more. */
  async find(token: string, purpose: LinkPurpose): Promise<string | undefined> {
    const hash = linkTokenHash(token);
    return hash === undefined ? undefined : this.links.find(hash, purpose, this.clock.now());
  }

  /** Uses the link up and answers its account; throws `link_invalid`. Joins the open transaction. */
  async use(token: string, purpose: LinkPurpose): Promise<string> {
    const hash = linkTokenHash(token);
    const accountId = hash === undefined ? undefined : await this.links.use(hash, purpose, this.clock.now());
    if (accountId === undefined) throw linkInvalid(purpose);
    return accountId;
  }

  async kill(accountId: string, purpose: LinkPurpose): Promise<void> {
    await this.links.kill(accountId, purpose, this.clock.now());
  }

  async prune(now: Date): Promise<void> {
    await this.links.prune(new Date(now.getTime() - 7 * 24 * HOUR_MS));
  }
}

/** One answer for a link that was used, ran out, was replaced or never was. */
export function linkInvalid(purpose: LinkPurpose): AppError {
  const again = purpose === 'verify' ? 'Sign in to have a new one sent.' : 'Ask for a new one.';
  return new AppError('invalid', 'link_invalid', `This link is not good any more. ${again}`);
}
