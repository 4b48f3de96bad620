import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import type { CookieChange } from '../../../platform/http/answers.js';
import { HostCookies, type CookieJar } from '../../../platform/http/cookies.js';
import { newId } from '../../../platform/persistence/ids.js';
import { AccountsService } from '../../users/accounts.service.js';
import type { AccountFacts } from '../../users/users.types.js';
import { SignedTokens } from '../signed-tokens.js';
import type { SignInProgress } from './sign-in-steps.types.js';

const COOKIE = 'sign-in-step';
const SECONDS = 900;
/** A registration is finished when its mail has come, which may take a while. */
const REGISTRATION_SECONDS = 3600;

const claimsSchema = z.object({
  /** Account; after a registration with an address that was taken it is nobody's. */
  sub: z.uuid(),
  email: z.string(),
  /** When the password was set that was given: another one ends the sign-in that this one began. */
  pwd: z.number(),
  tenant: z.string().optional(),
  invitation: z.string().optional(),
  /** The second factor was given. */
  passed: z.boolean().optional(),
  next: z.string(),
  exp: z.number(),
});
type StepClaims = z.output<typeof claimsSchema>;

/** A sign-in that has begun. `progress` is null when the address belongs to nobody who registered it just now. */
export interface BegunSignIn {
  readonly email: string;
  readonly next: string;
  readonly progress: SignInProgress | null;
}

/**
 * Carries a sign-in from one step to the next in a cookie. It is no session: no route but those of signing in takes it.
 */
@Injectable()
export class StepTokens {
  private readonly tokens: SignedTokens<StepClaims>;

  constructor(
    private readonly cookies: HostCookies,
    private readonly accounts: AccountsService,
    private readonly clock: Clock,
    @Inject(CONFIG) config: Pick<Config, 'signingKeys'>,
  ) {
    this.tokens = new SignedTokens(config.signingKeys, 'sign-in-step', claimsSchema);
  }

  carrying({ account, tenant, invitation, passed }: SignInProgress, next: string): CookieChange {
    return this.cookie({
      ...claimsOf(account, next),
      ...(tenant !== undefined && { tenant }),
      ...(invitation !== undefined && { invitation }),
      ...(passed === true && { passed }),
      exp: this.expiry(SECONDS),
    });
  }

  /** After a registration; it looks the same when there was an account with the address already. */
  registered(email: string, account: AccountFacts | null): CookieChange {
    const claims =
      account === null
        ? { sub: newId(), email, pwd: this.clock.millis(), next: '/' }
        : { ...claimsOf(account, '/'), email };
    return this.cookie({ ...claims, exp: this.expiry(REGISTRATION_SECONDS) });
  }

  get ended(): CookieChange {
    return this.cookies.change(COOKIE, null, 0);
  }

  async read(jar: CookieJar): Promise<BegunSignIn | undefined> {
    const token = this.cookies.read(jar, COOKIE);
    const claims = token === undefined ? undefined : this.tokens.read(token, this.clock.now());
    if (claims === undefined) return undefined;
    const { email, next, tenant, invitation, passed } = claims;
    const account = await this.accounts.findAccount(claims.sub);
    if (account === undefined) return { email, next, progress: null };
    if (!account.active || account.passwordChangedAt.getTime() !== claims.pwd) return undefined;
    return { email, next, progress: { account, tenant, invitation, passed } };
  }

  private cookie(claims: StepClaims): CookieChange {
    return this.cookies.change(COOKIE, this.tokens.sign(claims), REGISTRATION_SECONDS);
  }

  private expiry(seconds: number): number {
    return Math.floor(this.clock.millis() / 1000) + seconds;
  }
}

function claimsOf({ id, email, passwordChangedAt }: AccountFacts, next: string): Omit<StepClaims, 'exp'> {
  return { sub: id, email, pwd: passwordChangedAt.getTime(), next };
}
