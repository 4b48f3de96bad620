import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobRunsRepository } from './job-runs.repository.js';
import { JobScheduler, JobTime } from './job-scheduler.js';
import { PlatformJobs } from './platform.jobs.js';
import { Queue } from './queue.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [JobRunsRepository, JobScheduler, JobTime, PlatformJobs, Queue],
  exports: [JobScheduler, Queue],
})
export class JobsModule {}
