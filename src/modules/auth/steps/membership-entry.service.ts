import { Injectable } from '@nestjs/common';
import type { Role } from '../../../platform/access/roles.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import { AccountsService } from '../../users/accounts.service.js';
import { InvitationsService } from '../../users/invitations/invitations.service.js';
import { UsersService } from '../../users/users.service.js';
import type { AccountFacts, MemberFacts } from '../../users/users.types.js';
import { OrganisationsService } from '../registration/organisations.service.js';
import type { SignInOrigin, SignInProgress, TenantOption } from './sign-in-steps.types.js';

/** Finds the membership that somebody signs in to: one they have, are invited to, may join, or make. */
@Injectable()
export class MembershipEntryService {
  constructor(
    private readonly users: UsersService,
    private readonly accounts: AccountsService,
    private readonly invitations: InvitationsService,
    private readonly organisations: OrganisationsService,
    private readonly tenants: TenantsService,
  ) {}

  /** An invitation that was used or ran out meanwhile is no reason not to let somebody in. */
  async isInvited({ invitation }: SignInProgress): Promise<boolean> {
    return invitation !== undefined && (await this.invitations.peek(invitation)) !== undefined;
  }

  /** What has to be said before a membership is found; null when it can be. */
  async nextStep(progress: SignInProgress): Promise<'tenant' | 'organisation' | null> {
    const { account, organisation, tenant } = progress;
    if (await this.isInvited(progress)) return null;
    const memberships = await this.users.listMemberships(account.id);
    if (memberships.length > 0) return entered(memberships, tenant).length > 1 ? 'tenant' : null;
    const known = organisation !== undefined || (await this.openTo(account, tenant)) !== undefined;
    return known ? null : 'organisation';
  }

  /** The tenants somebody may enter at present, or join by the domain of their address when they have none. */
  async listChoices({ account }: SignInProgress): Promise<TenantOption[]> {
    const memberships = await this.users.listMemberships(account.id);
    if (memberships.length === 0) return this.organisations.listOpenTo(account.email);
    return entered(memberships, undefined).map(({ tenantId: id, tenantName: name }) => ({ id, name }));
  }

  /** Whether the organisation that would be entered asks somebody of that role for a second factor. */
  async needsSecondFactor(progress: SignInProgress): Promise<boolean> {
    const prospect = await this.prospectOf(progress);
    if (prospect === null) return false;
    const { secondFactorRoles } = await this.tenants.settingsOf(prospect.tenantId);
    return secondFactorRoles.includes(prospect.role);
  }

  /** The membership to sign in to; it may be made only now. Joins the open transaction. */
  async enter(progress: SignInProgress, origin: SignInOrigin): Promise<MemberFacts> {
    const { account, invitation, tenant } = progress;
    if (invitation !== undefined && (await this.isInvited(progress)))
      return this.acceptInvitation(account, invitation, origin);
    // Two that come at once must not make two organisations.
    await this.accounts.lockAccount(account.id);
    const memberships = await this.users.listMemberships(account.id);
    if (memberships.length === 0) return this.enterFirst(progress, origin);
    const [member] = entered(memberships, tenant);
    if (member === undefined) throw noMembership();
    return member;
  }

  /** Null for an organisation that is yet to be made. */
  private async prospectOf(progress: SignInProgress): Promise<{ tenantId: string; role: Role } | null> {
    const { account, invitation, organisation, tenant } = progress;
    const invited = invitation === undefined ? undefined : await this.invitations.peek(invitation);
    if (invited !== undefined) return invited;
    const memberships = await this.users.listMemberships(account.id);
    if (memberships.length > 0) return entered(memberships, tenant)[0] ?? null;
    const open = organisation === undefined ? await this.openTo(account, tenant) : undefined;
    return open === undefined ? null : { tenantId: open, role: 'viewer' };
  }

  private async acceptInvitation(
    account: AccountFacts,
    token: string,
    { ip, requestId }: SignInOrigin,
  ): Promise<MemberFacts> {
    const { id: accountId, email, name } = account;
    const { membershipId } = await this.invitations.accept(token, { accountId, email, name, ip, requestId });
    await this.accounts.verify(accountId);
    return this.memberWith(account, membershipId);
  }

  private async enterFirst(
    { account, organisation, tenant }: SignInProgress,
    origin: SignInOrigin,
  ): Promise<MemberFacts> {
    if (organisation !== undefined)
      return this.memberWith(account, await this.organisations.found(account, organisation, origin));
    const open = await this.openTo(account, tenant);
    if (open === undefined) throw noMembership();
    return this.memberWith(account, await this.organisations.joinByDomain(account, open, origin));
  }

  /** The one organisation that somebody without any may join by the domain of their address. */
  private async openTo({ email }: AccountFacts, tenant: string | undefined): Promise<string | undefined> {
    const open = await this.organisations.listOpenTo(email);
    const named = isGiven(tenant) ? open.filter(({ id, name }) => id === tenant || name === tenant) : open;
    return named.length === 1 ? named[0]?.id : undefined;
  }

  private async memberWith({ id }: AccountFacts, membershipId: string): Promise<MemberFacts> {
    const memberships = await this.users.listMemberships(id);
    const member = memberships.find((one) => one.membershipId === membershipId);
    if (member === undefined) throw new Error('A membership that was just made is not there.');
    return member;
  }
}

function entered(memberships: readonly MemberFacts[], tenant: string | undefined): readonly MemberFacts[] {
  const open = memberships.filter((member) => member.active);
  return isGiven(tenant)
    ? open.filter(({ tenantId, tenantName }) => tenantId === tenant || tenantName === tenant)
    : open;
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function noMembership(): AppError {
  return new AppError(
    'forbidden',
    'no_membership',
    'This account has no organisation that it may enter now.',
  );
}
