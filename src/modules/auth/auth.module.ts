import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessGuard } from './access.guard.js';
import { AuthController } from './auth.controller.js';
import { AuthJobs } from './auth.jobs.js';
import { FirstPeople, FirstStartService } from './first-start.service.js';
import { LockoutService } from './lockout.service.js';
import { Passwords } from './passwords.js';
import { SessionCache } from './session-cache.js';
import { SessionCookie } from './session-cookie.js';
import { SessionStreams } from './session-streams.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SignInAttemptsRepository } from './sign-in-attempts.repository.js';
import { SignInGate, SignInService } from './sign-in.service.js';
import { Tokens } from './tokens.js';

@Module({
  imports: [AuditModule, TenantsModule, UsersModule],
  controllers: [AuthController],
  providers: [
    AuthJobs,
    FirstPeople,
    FirstStartService,
    LockoutService,
    Passwords,
    SessionCache,
    SessionCookie,
    SessionStreams,
    SessionsRepository,
    SessionsService,
    SignInAttemptsRepository,
    SignInGate,
    SignInService,
    Tokens,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [FirstStartService],
})
export class AuthModule {}
