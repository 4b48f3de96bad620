import { execFile } from 'node:child_process';
import { readFile, readlink, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** One process and no other: a pid alone may have been given away again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Comparable only for equality; does not move when the clock is set. */
  readonly startedAt: string;
}

export interface ProcessDetails {
  readonly commandLine: string;
  /** Unknown where the system does not tell. */
  readonly workingDirectory: string | undefined;
  readonly uid: number;
}

const run = promisify(execFile);
const hasProc = platform() === 'linux';

/** Who runs under this pid now; a process that has ended but was not yet reaped counts as ended. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const startedAt = await (hasProc ? startFromProc(pid) : startFromPs(pid));
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export async function isRunning(process: ProcessIdentity): Promise<boolean> {
  return (await identify(process.pid))?.startedAt === process.startedAt;
}

/** Signals the process if it still is the one meant. */
export async function signal(target: ProcessIdentity, name: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(target))) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether the process ended within the time. */
export async function waitForExit(target: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (await isRunning(target)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** What the process is; undefined when it has gone or is not ours to look at. */
export async function inspect(target: ProcessIdentity): Promise<ProcessDetails | undefined> {
  try {
    return await (hasProc ? detailsFromProc(target.pid) : detailsFromPs(target.pid));
  } catch {
    return undefined; // every failure here means: gone, or somebody else's
  }
}

async function startFromProc(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => undefined);
  if (line === undefined) return undefined;
  // The second field is the program's name in brackets and may itself hold blanks and brackets.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || ticks === undefined) return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()}/${ticks}`;
}

async function startFromPs(pid: number): Promise<string | undefined> {
  const answer = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => undefined);
  const [state, ...start] = answer?.stdout.trim().split(/\s+/) ?? [];
  return state === undefined || state === '' || state.startsWith('Z') ? undefined : start.join(' ');
}

async function detailsFromProc(pid: number): Promise<ProcessDetails> {
  const folder = `/proc/${String(pid)}`;
  const [command, workingDirectory, owner] = await Promise.all([
    readFile(`${folder}/cmdline`, 'utf8'),
    readlink(`${folder}/cwd`),
    stat(folder),
  ]);
  return { commandLine: command.replace(/\0$/, '').replaceAll('\0', ' '), workingDirectory, uid: owner.uid };
}

async function detailsFromPs(pid: number): Promise<ProcessDetails> {
  const { stdout } = await run('ps', ['-ww', '-o', 'uid=,command=', '-p', String(pid)]);
  const [, uid, commandLine] = /^\s*(\d+)\s+(.*)$/.exec(stdout.trimEnd()) ?? [];
  return { commandLine: commandLine ?? '', workingDirectory: undefined, uid: Number(uid) };
}
