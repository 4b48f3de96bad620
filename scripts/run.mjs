import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** The Node that the product runs on; it comes with the dependencies. */
export const node24 = join(root, 'node_modules', 'node', 'bin', 'node');

const TELL_AFTER_MS = 1_000;
const TELL_AGAIN_MS = 15_000;

/** A reason to stop that whoever typed the command can do something about: shown as a sentence, without a stack. */
export class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Whether this file is the program and not something it imports. */
export function isProgram(meta) {
  return realpathSync(process.argv[1]) === meta.filename;
}

/** Runs the work of a program; the number it answers is the exit code. */
export async function program(work) {
  try {
    process.exit((await work()) ?? 0);
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    process.exit(error.exitCode ?? 1);
  }
}

/**
 * Runs a program to its end and answers its exit code; `quiet` keeps what it prints and returns it instead. With a
 * time limit it runs in a group of its own, so that a run that hangs is killed with everything it started.
 */
export function run(command, args, { quiet = false, env = process.env, limitMs = 0 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      detached: limitMs > 0,
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    const send = (signal) => kill(limitMs > 0 ? -child.pid : child.pid, signal);
    const overdue = limitMs > 0 && setTimeout(() => send('SIGKILL'), limitMs);
    const release = whileSignalled(send);
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(overdue);
      const received = release();
      if (received !== undefined) reject(new Failure('', 128 + constants.signals[received]));
      else resolve({ code: code ?? 1, killed: signal === 'SIGKILL', output });
    });
  });
}

/** Passes signals on instead of dying of them and leaving the program behind; the end answers which one came. */
function whileSignalled(send) {
  let received;
  const receive = (signal) => {
    received = signal;
    send(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, receive);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, receive);
    return received;
  };
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Says what is going on once it takes longer than a second, and that it still does from time to time. */
export async function step(title, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  let told = false;
  const first = setTimeout(() => {
    told = true;
    console.log(`${title} …`);
  }, TELL_AFTER_MS);
  const again = setInterval(() => console.log(`${title} … ${seconds()}`), TELL_AGAIN_MS);
  try {
    return await work();
  } finally {
    clearTimeout(first);
    clearInterval(again);
    if (told) console.log(`${title}: ${seconds()}`);
  }
}
