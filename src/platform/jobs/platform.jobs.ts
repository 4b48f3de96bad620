import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Job } from './job.decorator.js';
import { JobRunsRepository } from './job-runs.repository.js';

const KEEP_MS = 14 * 86_400_000;

@Injectable()
export class PlatformJobs {
  constructor(
    private readonly runs: JobRunsRepository,
    private readonly clock: Clock,
  ) {}

  @Job({ name: 'prune-job-history', at: '04:40' })
  async pruneHistory(): Promise<void> {
    await this.runs.prune(new Date(this.clock.millis() - KEEP_MS));
  }
}
