import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Job } from '../jobs/job.decorator.js';
import { Mailer } from './mailer.js';

@Injectable()
export class MailJobs {
  constructor(
    private readonly mailer: Mailer,
    private readonly clock: Clock,
  ) {}

  @Job({ name: 'prune-mail', at: '04:45' })
  async prune(): Promise<void> {
    await this.mailer.prune(this.clock.now());
  }
}
