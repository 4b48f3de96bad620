import { Injectable } from '@nestjs/common';
import { atLeast } from '../../../platform/clock/at-least.js';
import { AppError, notFound } from '../../../platform/errors/app-error.js';
import { RateLimits } from '../../../platform/limits/rate-limits.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { AccountAudit } from '../account-audit.js';
import { InvitationsService } from '../../users/invitations/invitations.service.js';
import { UsersService } from '../../users/users.service.js';
import { emailKey, type AccountFacts } from '../../users/users.types.js';
import { NewPasswordsService } from '../new-passwords/new-passwords.service.js';
import { OrganisationsService } from './organisations.service.js';
import type { Registration, RequestPlace } from './registration.types.js';
import { VerificationService } from './verification.service.js';

/** Registrations and invitations from one place in an hour. */
const FROM_ONE_PLACE = { name: 'account.register', times: 30, seconds: 3600 };
/** Longer than the writing takes, so that time does not tell a new address from a known one. */
const FLOOR_MS = 100;

/** Accounts, and the ways by which they come to an organisation. */
@Injectable()
export class People {
  constructor(
    readonly users: UsersService,
    readonly invitations: InvitationsService,
    readonly organisations: OrganisationsService,
    readonly log: AccountAudit,
  ) {}
}

@Injectable()
export class RegistrationService {
  constructor(
    private readonly people: People,
    private readonly newPasswords: NewPasswordsService,
    private readonly verification: VerificationService,
    private readonly limits: RateLimits,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Makes an account that has yet to be verified; null when the address has one, whose owner is then told by mail.
   * Nobody else can tell the two apart.
   */
  async register(registration: Registration, place: RequestPlace): Promise<AccountFacts | null> {
    await this.limits.take(FROM_ONE_PLACE, place.ip);
    const { email, password } = registration;
    const passwordHash = await this.newPasswords.hash(password, { email, name: nameOf(registration) });
    return atLeast(FLOOR_MS, async () => {
      const known = await this.people.users.findAccount(email);
      if (known !== undefined) return this.remind(known);
      return this.transactions.run(async () => {
        const account = await this.create(registration, passwordHash, place);
        if (registration.organisation !== undefined)
          await this.people.organisations.found(account, registration.organisation, place);
        await this.verification.send(account);
        return account;
      });
    });
  }

  /** Makes an account and joins. The link came to the mailbox, which proves that it is theirs. */
  async registerInvited(
    registration: Registration,
    token: string,
    place: RequestPlace,
  ): Promise<AccountFacts> {
    await this.limits.take(FROM_ONE_PLACE, place.ip);
    const { email, password } = registration;
    const invitation = await this.people.invitations.peek(token);
    if (invitation?.emailKey !== emailKey(email)) throw notFound('invitation');
    const passwordHash = await this.newPasswords.hash(password, { email, name: nameOf(registration) });
    if ((await this.people.users.findAccount(email)) !== undefined)
      throw new AppError(
        'conflict',
        'account_exists',
        'You already have an account: sign in with it, and you join the organisation.',
      );
    return this.transactions.run(async () => {
      const account = await this.create(registration, passwordHash, place, true);
      const { id: accountId, name } = account;
      await this.people.invitations.accept(token, { accountId, name, email: account.email, ...place });
      return account;
    });
  }

  private async create(
    registration: Registration,
    passwordHash: string,
    place: RequestPlace,
    verified = false,
  ): Promise<AccountFacts> {
    const { email } = registration;
    const facts = { email, name: nameOf(registration), passwordHash, platformRole: null, verified };
    const account = await this.people.users.createAccount(facts);
    await this.people.log.record(account, place, 'account.register');
    return account;
  }

  private async remind(known: AccountFacts): Promise<null> {
    if (known.active) await this.verification.remind(known);
    return null;
  }
}

function nameOf({ firstName, lastName }: Registration): string {
  return `${firstName} ${lastName}`;
}
