import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import type { Role } from '../../platform/access/roles.js';
import { AppError, notFound, refuseUnless, type Verdict } from '../../platform/errors/app-error.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { AuditService } from '../audit/audit.service.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { UsersService } from '../users/users.service.js';
import { emailKey, type AccountFacts, type MemberFacts } from '../users/users.types.js';
import { AccountAudit } from './account-audit.js';
import { LockoutService } from './lockout.service.js';
import { Passwords } from './passwords.js';
import { CodeCheckService } from './second-factor/code-check.service.js';
import { SessionsService } from './sessions.service.js';
import { SignInStepsService } from './steps/sign-in-steps.service.js';
import type { SignedIn, SignInOrigin } from './steps/sign-in-steps.types.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Id or name of the tenant; needed only by accounts that belong to several. */
  readonly tenant?: string;
  /** Token of an invitation to accept on the way in. */
  readonly invitation?: string;
  /** One-time or recovery code. */
  readonly code?: string;
}

/** What every attempt passes: the count of failures, the password, and the record of it. */
@Injectable()
export class SignInGate {
  constructor(
    readonly lockout: LockoutService,
    readonly passwords: Passwords,
    readonly codes: CodeCheckService,
    readonly log: AccountAudit,
  ) {}
}

/** Who has a session and where it leads. */
@Injectable()
export class SessionJournal {
  constructor(
    readonly sessions: SessionsService,
    readonly audit: AuditService,
    private readonly tenants: TenantsService,
  ) {}

  async needsSecondFactor(tenantId: string, role: Role): Promise<boolean> {
    return (await this.tenants.settingsOf(tenantId)).secondFactorRoles.includes(role);
  }
}

@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersService,
    private readonly steps: SignInStepsService,
    private readonly gate: SignInGate,
    private readonly journal: SessionJournal,
    private readonly transactions: Transactions,
  ) {}

  /** Throws `invalid_credentials`, `sign_in_locked`, `no_membership` or StepRequiredError. */
  async signIn(credentials: Credentials, origin: SignInOrigin): Promise<SignedIn> {
    const { email, password, ...rest } = credentials;
    const key = emailKey(email);
    const { lockout } = this.gate;
    const attempt = await lockout.takeAttempt(key, origin.ip);
    const account = await this.users.findAccount(email);
    const right = await this.gate.passwords.matches(password, account?.passwordHash);
    if (account === undefined || !right || !account.active) throw await this.refuse(email, account, origin);
    // Whatever else is missing: it was not the password, and does not count against them.
    const codeToCome = await this.gate.codes.isNeeded(account.id);
    await this.transactions.run(async () =>
      codeToCome ? lockout.withdraw(attempt) : lockout.succeeded(attempt),
    );
    const { tenant, invitation, code } = rest;
    return this.steps.proceed({ account, tenant, invitation, code }, origin);
  }

  /** Goes on in another tenant of the same account: the session ends, and a new one stands in its place. */
  async switchTenant(actor: Actor, tenantId: string, origin: SignInOrigin): Promise<SignedIn> {
    const memberships = await this.users.listMemberships(actor.accountId);
    const member = memberships.find((one) => one.tenantId === tenantId && one.active);
    if (member === undefined) throw notFound('organisation');
    refuseUnless(await this.mayEnter(member));
    const { sessions, audit } = this.journal;
    return this.transactions.run(async () => {
      const session = await sessions.replace(actor.sessionId, member, origin);
      const details = { from: actor.tenantName, to: member.tenantName };
      await audit.recordMany([
        { actor, action: 'auth.switch', details },
        { actor: { ...actor, tenantId }, action: 'auth.switch', details },
      ]);
      return { ...session, member };
    });
  }

  /** Ends the actor's session at once, on every replica. */
  async signOut(actor: Actor): Promise<void> {
    const { sessions, audit } = this.journal;
    await this.transactions.run(async () => {
      await sessions.end(actor.sessionId, 'signed out');
      await audit.record(actor, 'auth.logout');
    });
  }

  private async mayEnter({ accountId, tenantId, role, tenantName }: MemberFacts): Promise<Verdict> {
    const missing =
      (await this.journal.needsSecondFactor(tenantId, role)) && !(await this.gate.codes.isNeeded(accountId));
    return missing
      ? {
          code: 'second_factor_enrolment_required',
          reason: `${tenantName} needs a second factor of you: set one up in your profile first.`,
        }
      : 'yes';
  }

  private async refuse(
    email: string,
    account: AccountFacts | undefined,
    origin: SignInOrigin,
  ): Promise<AppError> {
    const person = account ?? { id: null, name: email, email };
    await this.gate.log.record(person, origin, 'auth.login', { outcome: 'refused' });
    return new AppError(
      'unauthenticated',
      'invalid_credentials',
      'The e-mail address or the password is wrong.',
    );
  }
}
