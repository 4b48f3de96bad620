import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Job } from '../../platform/jobs/job.decorator.js';
import { DatabaseUpkeepService } from './database-upkeep.service.js';

@Injectable()
export class DatabasesJobs {
  constructor(
    private readonly upkeep: DatabaseUpkeepService,
    private readonly clock: Clock,
  ) {}

  @Job({ name: 'stop-idle-databases', every: '1 minute' })
  async stopIdle(): Promise<void> {
    await this.upkeep.stopIdle(this.clock.now());
  }

  @Job({ name: 'finish-halfway-databases', every: '1 minute' })
  async finishHalfway(): Promise<void> {
    await this.upkeep.finishHalfway(this.clock.now());
  }

  @Job({ name: 'end-overdue-statements', every: '1 minute' })
  async endOverdue(): Promise<void> {
    await this.upkeep.endOverdue();
  }

  @Job({ name: 'measure-storage', every: '15 minutes' })
  async measure(): Promise<void> {
    await this.upkeep.measure(this.clock.now());
  }

  @Job({ name: 'reconcile-databases', every: '1 hour' })
  async reconcile(): Promise<void> {
    await this.upkeep.reconcile(this.clock.now());
  }

  @Job({ name: 'purge-databases', at: '03:20' })
  async purge(): Promise<void> {
    await this.upkeep.purge(this.clock.now());
  }
}
