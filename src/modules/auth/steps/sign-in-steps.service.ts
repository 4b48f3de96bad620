import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { AuditService } from '../../audit/audit.service.js';
import { auditActor } from '../audit-actor.js';
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

/** What stands between a right password and a session. */
@Injectable()
export class SignInStepsService {
  constructor(
    private readonly entry: MembershipEntryService,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly transactions: Transactions,
  ) {}

  /** The next step that is missing; null when the session can be opened. */
  async nextStep(progress: SignInProgress): Promise<SignInStep | null> {
    const { account } = progress;
    if (!account.emailVerified && !(await this.entry.isInvited(progress))) return 'verify';
    if (account.mustChangePassword) return 'password';
    return this.entry.nextStep(progress);
  }

  async listChoices(progress: SignInProgress): Promise<TenantOption[]> {
    return this.entry.listChoices(progress);
  }

  /** Opens the session, or throws StepRequiredError. */
  async proceed(progress: SignInProgress, origin: SignInOrigin): Promise<SignedIn> {
    const step = await this.nextStep(progress);
    if (step !== null) {
      const chooses = step === 'tenant' || step === 'organisation';
      throw new StepRequiredError(step, progress, chooses ? await this.listChoices(progress) : null);
    }
    return this.transactions.run(async () => {
      const member = await this.entry.enter(progress, origin);
      const { ip, userAgent } = origin;
      const session = await this.sessions.open(member, { ip, userAgent });
      await this.audit.record(auditActor(member.tenantId, progress.account, origin), 'auth.login');
      return { ...session, member };
    });
  }
}
