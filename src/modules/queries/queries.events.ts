import { LiveEvent } from '../../platform/live/live-event.js';

/** Runs of a person began or ended. For that person. */
export const RUNS_MOVED = new LiveEvent<Record<string, never>>('runs');

/** An export began, went on or ended. For the person whose it is. */
export const EXPORT_MOVED = new LiveEvent<{ id: string }>('export');
