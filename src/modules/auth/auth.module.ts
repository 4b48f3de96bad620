import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountAudit } from './account-audit.js';
import { ConfirmationService } from './account/confirmation.service.js';
import { Identity, OwnAccountService } from './account/own-account.service.js';
import { ProfileController } from './account/profile.controller.js';
import { ProfilePages } from './account/profile-pages.js';
import { SessionKeepingService, SessionShelf } from './account/session-keeping.service.js';
import { SessionsController } from './account/sessions.controller.js';
import { ApiKeyCache } from './api-keys/api-key-cache.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeysRepository } from './api-keys/api-keys.repository.js';
import { ApiKeysService, KeyKeeping } from './api-keys/api-keys.service.js';
import { FactorOwner, OwnFactorService } from './second-factor/own-factor.service.js';
import { SecondFactorController } from './second-factor/second-factor.controller.js';
import { AccessGuard } from './access.guard.js';
import { AuthController } from './auth.controller.js';
import { AuthJobs } from './auth.jobs.js';
import { FirstPeople, FirstStartService } from './first-start.service.js';
import { AccountLinksRepository } from './links/account-links.repository.js';
import { AccountLinksService } from './links/account-links.service.js';
import { LinkCookies } from './links/link-cookies.js';
import { LockoutService } from './lockout.service.js';
import { NewPasswordsService } from './new-passwords/new-passwords.service.js';
import { Passwords } from './passwords.js';
import { RecoveryController } from './recovery/recovery.controller.js';
import { Doors, RecoveryService } from './recovery/recovery.service.js';
import { InvitationController } from './registration/invitation.controller.js';
import { OrganisationsService } from './registration/organisations.service.js';
import { RegistrationController } from './registration/registration.controller.js';
import { People, RegistrationService } from './registration/registration.service.js';
import { VerificationController } from './registration/verification.controller.js';
import { AccountBook, LinkMail, VerificationService } from './registration/verification.service.js';
import { CodeCheckService } from './second-factor/code-check.service.js';
import { SecondFactorRepository } from './second-factor/second-factor.repository.js';
import { SecondFactorService } from './second-factor/second-factor.service.js';
import { SessionCache } from './session-cache.js';
import { SessionCookie } from './session-cookie.js';
import { SessionStreams } from './session-streams.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SignInAttemptsRepository } from './sign-in-attempts.repository.js';
import { SessionJournal, SignInGate, SignInService } from './sign-in.service.js';
import { MembershipEntryService } from './steps/membership-entry.service.js';
import { SignInPages } from './steps/sign-in-pages.js';
import { SignInStepsController } from './steps/sign-in-steps.controller.js';
import { SecondFactorGate, SignInStepsService } from './steps/sign-in-steps.service.js';
import { StepTokens } from './steps/step-tokens.js';
import { TokenRotation } from './token-rotation.js';
import { Tokens } from './tokens.js';

@Module({
  imports: [AuditModule, TenantsModule, UsersModule],
  controllers: [
    ApiKeysController,
    ProfileController,
    SecondFactorController,
    SessionsController,
    AuthController,
    InvitationController,
    RecoveryController,
    RegistrationController,
    SignInStepsController,
    VerificationController,
  ],
  providers: [
    AccountAudit,
    ApiKeyCache,
    ApiKeysRepository,
    ApiKeysService,
    ConfirmationService,
    FactorOwner,
    Identity,
    KeyKeeping,
    OwnAccountService,
    OwnFactorService,
    ProfilePages,
    SessionKeepingService,
    SessionShelf,
    AccountBook,
    AccountLinksRepository,
    AccountLinksService,
    AuthJobs,
    CodeCheckService,
    Doors,
    FirstPeople,
    FirstStartService,
    LinkCookies,
    LinkMail,
    LockoutService,
    MembershipEntryService,
    NewPasswordsService,
    OrganisationsService,
    Passwords,
    People,
    RecoveryService,
    RegistrationService,
    SecondFactorGate,
    SecondFactorRepository,
    SecondFactorService,
    SessionCache,
    SessionCookie,
    SessionStreams,
    SessionJournal,
    SessionsRepository,
    SessionsService,
    SignInAttemptsRepository,
    SignInGate,
    SignInPages,
    SignInService,
    SignInStepsService,
    StepTokens,
    TokenRotation,
    Tokens,
    VerificationService,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [FirstStartService],
})
export class AuthModule {}
