import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './run.mjs';

const path = join(root, '.cache', 'exclusive.lock');
const POLL_MS = 200;
const TURN_MS = 20;
const BEAT_MS = 1_000;
/** A pid alone may have been given away again, for example after a restart of the machine. */
const SILENT_LIMIT_MS = 30_000;

/** Lets one process at a time change what all in this checkout use: `node_modules`, `dist`, the browser assets. */
export async function exclusively(work) {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${process.pid} ${randomBytes(6).toString('hex')}`;
  await take(own);
  const beat = setInterval(() => {
    const now = new Date();
    if (read() === own) utimesSync(path, now, now);
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (read() === own) rmSync(path, { force: true });
  }
}

async function take(own) {
  let told = false;
  let seen = { holder: undefined, beat: undefined, at: 0 };
  while (!tryMake(path, own)) {
    const holder = read();
    const beat = beatTime();
    const now = performance.now();
    if (holder !== seen.holder || beat !== seen.beat) seen = { holder, beat, at: now };
    if (isGone(holder) || now - seen.at > SILENT_LIMIT_MS) {
      if (holder !== undefined) removeStale(holder);
      await sleep(TURN_MS);
      continue;
    }
    if (!told) console.log('Another command is installing or building in this folder: waiting for it.');
    told = true;
    await sleep(POLL_MS);
  }
}

function tryMake(file, content) {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isGone(holder) {
  const pid = Number(holder?.split(' ')[0]);
  if (!(pid > 0)) return false; // just being written, or just taken away
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * Several may find the lock of a dead process at once, and the last of them must not take away what the first has put in
 * its place. So a lock is removed only by who has made the permit for exactly its content, which no later lock has again.
 */
function removeStale(content) {
  const permit = `${path}.${createHash('sha256').update(content).digest('hex').slice(0, 12)}`;
  if (!tryMake(permit, '')) {
    const { mtimeMs } = statSync(permit, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > SILENT_LIMIT_MS) rmSync(permit, { force: true });
    return;
  }
  if (read() === content) rmSync(path);
  rmSync(permit, { force: true });
}

function read() {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function beatTime() {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
