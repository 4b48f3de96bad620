import { Injectable } from '@nestjs/common';
import { AppError, refuseUnless, type Verdict } from '../../../platform/errors/app-error.js';
import { Done, Page, type CookieChange } from '../../../platform/http/answers.js';
import type { CookieJar } from '../../../platform/http/cookies.js';
import { ownPath } from '../../../platform/http/own-path.js';
import { sessionView, type SessionView } from '../auth.view.js';
import { enrolmentView, type RecoveryCodesView } from '../second-factor/second-factor.view.js';
import { SessionCookie } from '../session-cookie.js';
import type { StepInput } from './sign-in-steps.dto.js';
import { SignInStepsService } from './sign-in-steps.service.js';
import { StepRequiredError, type SignedIn, type SignInOrigin } from './sign-in-steps.types.js';
import { stepPage, type StepPage } from './sign-in-steps.view.js';
import { StepTokens, type BegunSignIn } from './step-tokens.js';

export const STEP_ADDRESS = '/auth/login/step';

/** How a sign-in goes on in a browser: into the product, or to the step that is missing. */
@Injectable()
export class SignInPages {
  constructor(
    private readonly steps: SignInStepsService,
    private readonly tokens: StepTokens,
    private readonly cookie: SessionCookie,
  ) {}

  /** Into the product when signing in succeeds, else to the missing step; other errors go on. */
  async enter(
    signIn: () => Promise<SignedIn>,
    next: string | undefined,
  ): Promise<Done<SessionView | StepPage>> {
    try {
      return this.signedIn(await signIn(), ownPath(next));
    } catch (error) {
      if (error instanceof StepRequiredError) return this.stepFrom(error, ownPath(next));
      throw error;
    }
  }

  /** Recovery codes are shown on the way, for there is no later page for them. */
  private signedIn(
    { token, recoveryCodes, ...session }: SignedIn,
    address: string,
  ): Done<SessionView & Partial<RecoveryCodesView>> {
    const done =
      recoveryCodes === undefined
        ? Done.to(address, sessionView(session))
        : Done.to(address, { ...sessionView(session), recoveryCodes, next: address }).showing(
            'auth/recovery-codes',
          );
    return done.withCookie(this.cookie.carrying(token)).withCookie(this.tokens.ended);
  }

  private stepFrom({ step, progress }: StepRequiredError, next: string): Done<StepPage> {
    return Done.to(STEP_ADDRESS, stepPage(step, progress.account.email, [])).withCookie(
      this.tokens.carrying(progress, next),
    );
  }

  /** A sign-in that has begun; throws when there is none, or its time is up. */
  async begun(jar: CookieJar): Promise<BegunSignIn> {
    const begun = await this.tokens.read(jar);
    if (begun === undefined) throw new AppError('unauthenticated', 'sign_in_over', 'Sign in again to go on.');
    return begun;
  }

  async page({ email, progress }: BegunSignIn): Promise<StepPage> {
    if (progress === null) return stepPage('verify', email, []);
    const step = await this.steps.nextStep(progress);
    const chooses = step === 'tenant' || step === 'organisation';
    const page = stepPage(step, email, chooses ? await this.steps.listChoices(progress) : []);
    const secret = step === 'enrol' ? await this.steps.findSecret(progress) : undefined;
    return secret === undefined ? page : { ...page, enrolment: enrolmentView(secret, email) };
  }

  /** Goes on with what a step was told; what it refuses it says beside what was typed. */
  async proceed(
    begun: BegunSignIn,
    told: StepInput,
    origin: SignInOrigin,
  ): Promise<Done<SessionView | StepPage> | Page<StepPage>> {
    const { progress, next, email } = begun;
    if (progress === null) return Done.to(STEP_ADDRESS, stepPage('verify', email, []));
    const { tenant = progress.tenant, organisation, code } = told;
    try {
      refuseUnless(organisationName(organisation), 'invalid');
      const further = { ...progress, tenant, organisation, code };
      return await this.enter(async () => this.steps.proceed(further, origin), next);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const model = { ...(await this.page(begun)), organisation: organisation ?? '', problem: error.message };
      return new Page('auth/step', null, model, error.status);
    }
  }

  get forget(): CookieChange {
    return this.tokens.ended;
  }
}

function organisationName(name: string | undefined): Verdict {
  const good = name === undefined || /^[^\p{Cc}]{2,100}$/u.test(name.trim());
  return good ? 'yes' : { code: 'validation_failed', reason: 'The name has 2 to 100 characters.' };
}
