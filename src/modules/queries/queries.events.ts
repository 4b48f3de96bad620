import { LiveEvent } from '../../platform/live/live-event.js';

/** Runs of a person began or ended. For that person. */
export const RUNS_MOVED = new LiveEvent<Record<string, never>>('runs');
