import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** The Node that the product runs on; it comes with the dependencies. */
export const node24 = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** Runs a program to its end and answers its exit code; `quiet` keeps what it prints and returns it instead. */
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
    const overdue = limitMs > 0 && setTimeout(() => process.kill(-child.pid, 'SIGKILL'), limitMs);
    const interrupt = (signal) => process.kill(-child.pid, signal);
    if (limitMs > 0) for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, interrupt);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(overdue);
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, interrupt);
      resolve({ code: code ?? 1, killed: signal === 'SIGKILL', output });
    });
  });
}

/** Says what is going on once it takes longer than a second. */
export async function step(title, work) {
  const started = performance.now();
  let told = false;
  const timer = setTimeout(() => {
    told = true;
    console.log(`${title} …`);
  }, 1000);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (told) console.log(`${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** Stops the script with a sentence instead of a stack. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}
