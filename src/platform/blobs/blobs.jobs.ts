import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Job } from '../jobs/job.decorator.js';
import { Blobs } from './blobs.js';

@Injectable()
export class BlobsJobs {
  constructor(
    private readonly blobs: Blobs,
    private readonly clock: Clock,
  ) {}

  @Job({ name: 'purge-blobs', every: '1 hour' })
  async purge(): Promise<void> {
    await this.blobs.purge(this.clock.now());
  }
}
