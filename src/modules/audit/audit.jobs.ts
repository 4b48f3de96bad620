import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Job } from '../../platform/jobs/job.decorator.js';
import { AuditSealerService } from './audit-sealer.service.js';
import { AuditVerifierService } from './audit-verifier.service.js';

@Injectable()
export class AuditJobs {
  constructor(
    private readonly sealer: AuditSealerService,
    private readonly verifier: AuditVerifierService,
    private readonly clock: Clock,
  ) {}

  @Job({ name: 'seal-audit', every: '10 seconds' })
  async seal(): Promise<void> {
    await this.sealer.seal(this.clock.now());
  }

  @Job({ name: 'verify-audit', at: '04:10' })
  async verify(): Promise<void> {
    await this.verifier.verifyAll(this.clock.now());
  }
}
