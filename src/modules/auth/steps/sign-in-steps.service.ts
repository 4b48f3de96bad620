import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { AuditService } from '../../audit/audit.service.js';
import { auditActor } from '../audit-actor.js';
import { CodeCheckService } from '../second-factor/code-check.service.js';
import { SecondFactorService } from '../second-factor/second-factor.service.js';
import { SessionsService } from '../sessions.service.js';
import { MembershipEntryService } from './membership-entry.service.js';
import {
  StepRequiredError,
  type SignedIn,
  type SignInOrigin,
  type SignInProgress,
  type SignInStep,
  type TenantOption,
} from './sign-in-steps.types.js';

/** Codes that are asked for, and the device that is yet to make them. */
@Injectable()
export class SecondFactorGate {
  constructor(
    readonly codes: CodeCheckService,
    readonly factors: SecondFactorService,
  ) {}
}

/** What stands between a right password and a session. */
@Injectable()
export class SignInStepsService {
  constructor(
    private readonly entry: MembershipEntryService,
    private readonly gate: SecondFactorGate,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly transactions: Transactions,
  ) {}

  /** The next step that is missing; null when the session can be opened. */
  async nextStep(progress: SignInProgress): Promise<SignInStep | null> {
    const { account, passed = false } = progress;
    if (!account.emailVerified && !(await this.entry.isInvited(progress))) return 'verify';
    if (account.mustChangePassword) return 'password';
    const enrolled = await this.gate.codes.isNeeded(account.id);
    if (enrolled && !passed) return 'code';
    const step = await this.entry.nextStep(progress);
    if (step !== null) return step;
    return !enrolled && (await this.entry.needsSecondFactor(progress)) ? 'enrol' : null;
  }

  async listChoices(progress: SignInProgress): Promise<TenantOption[]> {
    return this.entry.listChoices(progress);
  }

  /** The secret that waits to be put into an authenticator program. */
  async findSecret({ account }: SignInProgress): Promise<string | undefined> {
    return this.gate.factors.findUnconfirmed(account.id);
  }

  /** Opens the session, or throws StepRequiredError. */
  async proceed(given: SignInProgress, origin: SignInOrigin): Promise<SignedIn> {
    const { progress, recoveryCodes } = await this.useCode(given, origin);
    const step = await this.nextStep(progress);
    if (step !== null) throw await this.missing(step, progress);
    const signedIn = await this.transactions.run(async () => {
      const member = await this.entry.enter(progress, origin);
      const { ip, userAgent } = origin;
      const session = await this.sessions.open(member, { ip, userAgent });
      await this.audit.record(auditActor(member.tenantId, progress.account, origin), 'auth.login');
      return { ...session, member };
    });
    return recoveryCodes === null ? signedIn : { ...signedIn, recoveryCodes };
  }

  /** A code is looked at only where it is asked for: it can be used once. */
  private async useCode(
    { code, ...progress }: SignInProgress,
    origin: SignInOrigin,
  ): Promise<{ progress: SignInProgress; recoveryCodes: string[] | null }> {
    const step = code === undefined ? null : await this.nextStep(progress);
    const { account } = progress;
    if (code !== undefined && step === 'code') {
      await this.gate.codes.pass(account, code, origin);
      return { progress: { ...progress, passed: true }, recoveryCodes: null };
    }
    if (code !== undefined && step === 'enrol') {
      const recoveryCodes = await this.transactions.run(async () => {
        const codes = await this.gate.factors.confirm(account.id, code);
        await this.audit.record(auditActor(null, account, origin), 'account.enrol_second_factor');
        return codes;
      });
      return { progress: { ...progress, passed: true }, recoveryCodes };
    }
    return { progress, recoveryCodes: null };
  }

  private async missing(step: SignInStep, progress: SignInProgress): Promise<StepRequiredError> {
    if (step === 'enrol' && (await this.findSecret(progress)) === undefined)
      await this.gate.factors.prepare(progress.account.id);
    const chooses = step === 'tenant' || step === 'organisation';
    return new StepRequiredError(step, progress, chooses ? await this.listChoices(progress) : null);
  }
}
