import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Job } from '../jobs/job.decorator.js';
import { RateLimits } from './rate-limits.js';

@Injectable()
export class LimitsJobs {
  constructor(
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  @Job({ name: 'prune-rate-limits', every: '15 minutes' })
  async prune(): Promise<void> {
    await this.limits.prune(this.clock.now());
  }
}
