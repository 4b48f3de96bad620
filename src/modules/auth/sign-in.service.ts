import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { AppError, notFound } from '../../platform/errors/app-error.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { AuditService } from '../audit/audit.service.js';
import type { AuditActor } from '../audit/audit.types.js';
import { UsersService } from '../users/users.service.js';
import { emailKey, type AccountFacts, type MemberFacts } from '../users/users.types.js';
import { LockoutService } from './lockout.service.js';
import { Passwords } from './passwords.js';
import { SessionsService, type OpenedSession } from './sessions.service.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Id or name of the tenant; needed only by accounts that belong to several. */
  readonly tenant?: string;
}

export interface SignInOrigin {
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

export interface SignedIn extends OpenedSession {
  readonly member: MemberFacts;
}

/** The credentials were right, but it has to be said for which tenant. */
export class TenantChoiceError extends AppError {
  constructor(readonly members: readonly MemberFacts[]) {
    super('conflict', 'choose_tenant', 'You belong to several organisations: say which one, in `tenant`.', {
      extra: { tenants: members.map(({ tenantId, tenantName }) => ({ id: tenantId, name: tenantName })) },
    });
  }
}

/** What every attempt passes: the password, and the record of it. */
@Injectable()
export class SignInGate {
  constructor(
    readonly passwords: Passwords,
    readonly audit: AuditService,
  ) {}
}

@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly lockout: LockoutService,
    private readonly gate: SignInGate,
    private readonly transactions: Transactions,
  ) {}

  /** Throws `invalid_credentials`, `sign_in_locked`, `no_membership` or TenantChoiceError. */
  async signIn(credentials: Credentials, origin: SignInOrigin): Promise<SignedIn> {
    const { email, password, tenant } = credentials;
    const key = emailKey(email);
    const attempt = await this.lockout.takeAttempt(key, origin.ip);
    const account = await this.users.findAccount(email);
    const right = await this.gate.passwords.matches(password, account?.passwordHash);
    if (account === undefined || !right || !account.active) throw await this.refuse(email, account, origin);
    const member = this.choose(await this.users.listMemberships(account.id), tenant);
    return this.transactions.run(async () => {
      await this.lockout.succeeded(attempt, key, origin.ip);
      const { ip, userAgent } = origin;
      const session = await this.sessions.open(member, { ip, userAgent });
      await this.gate.audit.record(actorOf(member.tenantId, account, origin), 'auth.login');
      return { ...session, member };
    });
  }

  /** Goes on in another tenant of the same account: the session ends, and a new one stands in its place. */
  async switchTenant(actor: Actor, tenantId: string, origin: SignInOrigin): Promise<SignedIn> {
    const memberships = await this.users.listMemberships(actor.accountId);
    const member = memberships.find((one) => one.tenantId === tenantId && one.active);
    if (member === undefined) throw notFound('organisation');
    return this.transactions.run(async () => {
      const session = await this.sessions.replace(actor.sessionId, member, origin);
      const details = { from: actor.tenantName, to: member.tenantName };
      await this.gate.audit.recordMany([
        { actor, action: 'auth.switch', details },
        { actor: { ...actor, tenantId }, action: 'auth.switch', details },
      ]);
      return { ...session, member };
    });
  }

  /** Ends the actor's session at once, on every replica. */
  async signOut(actor: Actor): Promise<void> {
    await this.transactions.run(async () => {
      await this.sessions.end(actor.sessionId, 'signed out');
      await this.gate.audit.record(actor, 'auth.logout');
    });
  }

  private choose(memberships: readonly MemberFacts[], tenant: string | undefined): MemberFacts {
    const open = memberships.filter((member) => member.active);
    const wanted =
      tenant === undefined || tenant === ''
        ? open
        : open.filter(({ tenantId, tenantName }) => tenantId === tenant || tenantName === tenant);
    const [member] = wanted;
    if (member === undefined) {
      throw new AppError(
        'forbidden',
        'no_membership',
        'This account has no organisation that it may enter now.',
      );
    }
    if (wanted.length > 1) throw new TenantChoiceError(open);
    return member;
  }

  private async refuse(
    email: string,
    account: AccountFacts | undefined,
    origin: SignInOrigin,
  ): Promise<AppError> {
    const known = account === undefined ? [] : await this.users.listMemberships(account.id);
    const tenants = known.length === 0 ? [null] : known.map((member) => member.tenantId);
    const person = account ?? { id: null, name: email, email };
    await this.gate.audit.recordMany(
      tenants.map((tenantId) => ({
        actor: actorOf(tenantId, person, origin),
        action: 'auth.login',
        outcome: 'refused' as const,
      })),
    );
    return new AppError(
      'unauthenticated',
      'invalid_credentials',
      'The e-mail address or the password is wrong.',
    );
  }
}

function actorOf(
  tenantId: string | null,
  { id, name, email }: { id: string | null; name: string; email: string },
  { ip, requestId }: SignInOrigin,
): AuditActor {
  return { tenantId, accountId: id, name, email, ip, requestId };
}
