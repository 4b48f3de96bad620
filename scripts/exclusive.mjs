import { randomBytes } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './run.mjs';

const path = join(root, '.cache', 'exclusive.lock');
const POLL_MS = 200;
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
  while (!tryTake(own)) {
    const holder = read();
    const beat = beatTime();
    const now = performance.now();
    if (holder !== seen.holder || beat !== seen.beat) seen = { holder, beat, at: now };
    if (isGone(holder) || now - seen.at > SILENT_LIMIT_MS) {
      takeAway(holder);
      continue;
    }
    if (!told) console.log('Another command is installing or building in this folder: waiting for it.');
    told = true;
    await sleep(POLL_MS);
  }
}

function tryTake(own) {
  try {
    writeFileSync(path, own, { flag: 'wx' });
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

/** Takes the lock of a dead process away, and puts it back if a live one slipped in between looking and taking. */
function takeAway(holder) {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
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
