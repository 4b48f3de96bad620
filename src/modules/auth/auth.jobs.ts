import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Job } from '../../platform/jobs/job.decorator.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { AccountLinksService } from './links/account-links.service.js';
import { LockoutService } from './lockout.service.js';
import { SessionsService } from './sessions.service.js';

@Injectable()
export class AuthJobs {
  constructor(
    private readonly sessions: SessionsService,
    private readonly lockout: LockoutService,
    private readonly links: AccountLinksService,
    private readonly keys: ApiKeysService,
    private readonly clock: Clock,
  ) {}

  @Job({ name: 'prune-sessions', at: '04:30' })
  async pruneSessions(): Promise<void> {
    await this.sessions.prune(this.clock.now());
  }

  @Job({ name: 'prune-sign-in-attempts', at: '04:35' })
  async pruneAttempts(): Promise<void> {
    await this.lockout.prune(this.clock.now());
  }

  @Job({ name: 'prune-api-keys', at: '04:38' })
  async pruneKeys(): Promise<void> {
    await this.keys.prune(this.clock.now());
  }

  @Job({ name: 'prune-account-links', at: '04:37' })
  async pruneLinks(): Promise<void> {
    await this.links.prune(this.clock.now());
  }
}
