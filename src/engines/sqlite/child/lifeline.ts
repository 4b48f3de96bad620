import { read, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** Open as long as the parent lives; nothing is ever written to it by the parent. */
const LIFELINE = 3;
const LOOK_MS = 50;
/** Ends the process as SIGKILL does, and tells the parent why. */
const OUT_OF_MEMORY = 'SIGUSR2';

const { maxMemoryBytes } = workerData as { maxMemoryBytes: number };

// The main thread is in a query most of the time and hears nothing: this one ends the process.
read(LIFELINE, Buffer.alloc(1), 0, 1, null, () => process.kill(process.pid, 'SIGKILL'));

setInterval(() => {
  if (process.memoryUsage.rss() > maxMemoryBytes) process.kill(process.pid, OUT_OF_MEMORY);
}, LOOK_MS);

writeSync(LIFELINE, 'r');
