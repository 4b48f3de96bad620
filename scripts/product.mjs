import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { node24, root } from './run.mjs';

const FORWARDED = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' };
/** A terminal and npm both deliver Ctrl-C; only a later one is meant as a second. */
const SAME_SIGNAL_MS = 500;
const LOOK_MS = 500;

/** Brings everything up to date, runs a compiled program on Node 24, and answers its exit code. */
export async function runUpToDate(args) {
  await ensureInstalled();
  await ensureBuilt();
  return runProduct(args);
}

/** Runs a program on Node 24, hands signals on once, and answers its exit code. */
export function runProduct(args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node24, ['--enable-source-maps', ...args], {
      cwd: root,
      env,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'], // the channel tells the program when we are gone
    });
    forwardSignals(child);
    endWithNpm(child);
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function forwardSignals(child) {
  const last = new Map();
  for (const [received, sent] of Object.entries(FORWARDED)) {
    process.on(received, () => {
      const now = performance.now();
      if (now - (last.get(sent) ?? -Infinity) > SAME_SIGNAL_MS) child.kill(sent);
      last.set(sent, now);
    });
  }
}

/** npm that was killed could not pass the signal on; nobody else than npm would then end the program. */
function endWithNpm(child) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    child.kill('SIGTERM');
  }, LOOK_MS);
  look.unref();
}
