import { LiveEvent } from '../../platform/live/live-event.js';

/** A database was made, changed its state or its settings, or was removed. For everybody in its tenant. */
export const DATABASE_CHANGED = new LiveEvent<{ id: string }>('database');
