import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { Job } from '../../../platform/jobs/job.decorator.js';
import { ExportJournal } from '../export/export-journal.js';
import { ResultsService } from './results.service.js';

@Injectable()
export class ResultsJobs {
  constructor(
    private readonly results: ResultsService,
    private readonly exports: ExportJournal,
    private readonly clock: Clock,
  ) {}

  @Job({ name: 'purge-results', every: '1 hour' })
  async prune(): Promise<void> {
    await this.results.prune(this.clock.now());
    await this.exports.prune(this.clock.now());
  }
}
