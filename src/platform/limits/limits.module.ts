import { Global, Module } from '@nestjs/common';
import { LimitsJobs } from './limits.jobs.js';
import { RateLimits } from './rate-limits.js';

@Global()
@Module({ providers: [LimitsJobs, RateLimits], exports: [RateLimits] })
export class LimitsModule {}
