import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { engineError } from '../engine-error.js';
import type { SqliteProcess } from './child-process.js';

const SEPARATOR = '/';

/** Names a process for every replica: its machine, its number there, and what tells it from a later one. */
export function backendIdOf({ pid, token }: SqliteProcess): string {
  return [hostname(), String(pid), token].join(SEPARATOR);
}

/** Ends a process on this machine, whichever replica started it; one that has gone is left alone. */
export async function cancelBackend(backendId: string): Promise<void> {
  const [host, number, token] = backendId.split(SEPARATOR);
  const pid = Number(number);
  if (token === undefined || token === '' || !Number.isInteger(pid) || pid <= 1) {
    throw new Error('This names no process of SQLite.');
  }
  if (host !== hostname()) {
    throw engineError(
      'cancelled_elsewhere',
      'The statement runs on another machine, which alone can end it.',
    );
  }
  if (!(await commandOf(pid)).includes(token)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** The command line of a process; empty when there is none. */
async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '');
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}
