import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const JOB = 'clouddb:job';

/** `5 minutes`, `10 seconds`, `1 hour` */
export type Interval = `${number} ${'second' | 'minute' | 'hour'}${'' | 's'}`;

export type JobOptions = { readonly name: string } & (
  | { readonly every: Interval }
  /** Once a day at this time in UTC: `03:10`. */
  | { readonly at: `${number}:${number}` }
);

/**
 * Runs the method on schedule, each slot once across all replicas. It may run twice for one slot after a crash, so it
 * calls a service that can be run again at any moment, and decides nothing itself.
 */
export const Job = (options: JobOptions): CustomDecorator => SetMetadata(JOB, options);
