import { spawn } from 'node:child_process';
import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAs, type Account } from './account.js';
import {
  identify,
  inspect,
  isRunning,
  signal,
  waitForExit,
  type ProcessIdentity,
} from './process-identity.js';
import type { ServerLog } from './server-log.js';

export interface PostmasterPlan {
  readonly postgres: string;
  readonly directory: string;
  readonly account: Account | undefined;
  readonly arguments: readonly string[];
  readonly log: ServerLog;
}

/** Crash recovery of a large cluster takes its time. */
const READY_LIMIT_MS = 120_000;
const FAST_LIMIT_MS = 5_000;
const IMMEDIATE_LIMIT_MS = 10_000;

/**
 * The live postmaster of this very data directory, if there is one. What `postmaster.pid` says is only a hint: after a
 * crash or in a restarted container the pid may belong to anything, and such a file would keep PostgreSQL from starting.
 */
export async function findPostmaster(
  directory: string,
  account: Account | undefined,
): Promise<ProcessIdentity | undefined> {
  const pid = (await readPidFile(directory))?.pid;
  if (pid === undefined) return undefined;
  const found = await identify(pid);
  if (found === undefined) return undefined; // PostgreSQL itself clears up after a process that is gone
  if (await servesDirectory(found, directory, account)) return found;
  await rm(join(directory, 'postmaster.pid'), { force: true });
  return undefined;
}

/** Whether a running postmaster was started with exactly this plan. */
export async function followsPlan(running: ProcessIdentity, plan: PostmasterPlan): Promise<boolean> {
  return (await inspect(running))?.commandLine === [plan.postgres, ...plan.arguments].join(' ');
}

/** Starts the server and waits until it accepts connections; an error carries the end of its log. */
export async function startPostmaster(plan: PostmasterPlan): Promise<ProcessIdentity> {
  const output = await plan.log.open();
  const from = await plan.log.size();
  try {
    const child = spawn(plan.postgres, plan.arguments, {
      ...runAs(plan.account),
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', output.fd, output.fd],
      detached: true, // a group of its own: Ctrl-C and a signal to our group must not end it before we have drained
    });
    child.unref();
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    const ready = child.pid === undefined ? failed : waitUntilReady(child.pid, plan.directory);
    return await Promise.race([ready, failed]);
  } catch (error) {
    throw new Error(`PostgreSQL did not start in ${plan.directory}:\n${await plan.log.tail(from)}`, {
      cause: error,
    });
  } finally {
    await output.close();
  }
}

/** Ends the server: clients are cut off and the data is left clean; if it takes too long, the data recovers at the next start. */
export async function endPostmaster(
  postmaster: ProcessIdentity,
  mode: 'fast' | 'immediate' = 'fast',
): Promise<void> {
  if (mode === 'fast') {
    await signal(postmaster, 'SIGINT');
    if (await waitForExit(postmaster, FAST_LIMIT_MS)) return;
  }
  await signal(postmaster, 'SIGQUIT');
  if (await waitForExit(postmaster, IMMEDIATE_LIMIT_MS)) return;
  throw new Error(`The PostgreSQL server with pid ${String(postmaster.pid)} does not end.`);
}

async function readPidFile(directory: string): Promise<{ pid: number; ready: boolean } | undefined> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
}

async function servesDirectory(
  process: ProcessIdentity,
  directory: string,
  account: Account | undefined,
): Promise<boolean> {
  const details = await inspect(process);
  if (details === undefined || (account !== undefined && details.uid !== account.uid)) return false;
  // A server's helper processes share its folder but not its arguments.
  if (!details.commandLine.includes('postgres -D ')) return false;
  return details.workingDirectory === undefined
    ? details.commandLine.includes(` -D ${directory} `)
    : details.workingDirectory === (await realpath(directory));
}

async function waitUntilReady(pid: number, directory: string): Promise<ProcessIdentity> {
  const identity = await identify(pid);
  const deadline = performance.now() + READY_LIMIT_MS;
  while (identity !== undefined && (await isRunning(identity))) {
    const file = await readPidFile(directory);
    if (file?.pid === pid && file.ready) return identity;
    if (performance.now() > deadline) {
      await endPostmaster(identity, 'immediate');
      throw new Error('The server was not ready in time.');
    }
    await sleep(10);
  }
  throw new Error('The server ended while it started.');
}
