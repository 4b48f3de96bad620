import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../platform/clock/clock.js';
import { Job } from '../../platform/jobs/job.decorator.js';
import { Queue } from '../../platform/jobs/queue.js';
import { ExecutionsService } from './executions/executions.service.js';
import { EXECUTION_QUEUE } from './executions/executions.types.js';
import { RecoveryService } from './executions/recovery.service.js';

const WORK = z.object({ tenantId: z.uuid(), requestId: z.uuid() });

@Injectable()
export class ApprovalsJobs implements OnApplicationBootstrap {
  constructor(
    private readonly executions: ExecutionsService,
    private readonly recovery: RecoveryService,
    private readonly queue: Queue,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queue.define(
      EXECUTION_QUEUE,
      { timeoutSeconds: 900, retries: 3, concurrency: 4 },
      async (data) => {
        const { tenantId, requestId } = WORK.parse(data);
        await this.executions.execute(tenantId, requestId);
      },
    );
  }

  @Job({ name: 'expire-requests', every: '1 minute' })
  async expire(): Promise<void> {
    await this.recovery.expire(this.clock.now());
  }

  @Job({ name: 'send-due-requests', every: '10 seconds' })
  async sendDue(): Promise<void> {
    await this.recovery.sendDue(this.clock.now());
  }

  @Job({ name: 'settle-lost-executions', every: '10 seconds' })
  async settleLost(): Promise<void> {
    await this.recovery.settleLost(this.clock.now());
  }
}
