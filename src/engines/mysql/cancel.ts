import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError, type Target } from '../engine.js';
import { open } from './connect.js';

const TRY_FOR_MS = 5000;
const AGAIN_MS = 200;
const UNKNOWN_THREAD = 1094;

/**
 * Ends what a thread runs, over a connection of its own with the same login, which may do so to its own threads only.
 * The login's connections may all be in use at the moment; one will be given back.
 */
export async function killQuery(target: Target, threadId: number): Promise<void> {
  const deadline = performance.now() + TRY_FOR_MS;
  const connection = await openWithin(target, deadline);
  try {
    await new Promise<void>((resolve, reject) => {
      connection.query(`kill query ${String(threadId)}`, (error) => {
        if (error === null || error.errno === UNKNOWN_THREAD) resolve();
        else reject(error);
      });
    });
  } finally {
    connection.destroy();
  }
}

async function openWithin(target: Target, deadline: number): ReturnType<typeof open> {
  for (;;) {
    try {
      return await open(target, undefined);
    } catch (error) {
      const passing = error instanceof EngineError && error.problem.code === 'too_many_connections';
      if (!passing || performance.now() > deadline) throw error;
      await sleep(AGAIN_MS);
    }
  }
}
