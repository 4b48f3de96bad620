import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Job } from '../../platform/jobs/job.decorator.js';
import { HistoryService } from './history.service.js';

@Injectable()
export class QueriesJobs {
  constructor(
    private readonly history: HistoryService,
    private readonly clock: Clock,
  ) {}

  @Job({ name: 'sweep-runs', every: '15 seconds' })
  async sweep(): Promise<void> {
    await this.history.sweep(this.clock.now());
  }

  @Job({ name: 'purge-runs', at: '03:10' })
  async prune(): Promise<void> {
    await this.history.prune(this.clock.now());
  }
}
