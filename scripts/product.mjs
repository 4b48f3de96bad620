import { spawn } from 'node:child_process';
import { node24, root } from './run.mjs';

const SIGNALS = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' };
/** A terminal and npm both deliver Ctrl-C; only a later one is meant as a second. */
const SAME_SIGNAL_MS = 500;

/** Runs a compiled program on Node 24, hands signals on once, and answers its exit code. */
export function runProduct(args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node24, ['--enable-source-maps', ...args], {
      cwd: root,
      env,
      stdio: 'inherit',
      detached: true, // the terminal's signal comes through us, and so does not come twice
    });
    const last = new Map();
    for (const [name, forwarded] of Object.entries(SIGNALS)) {
      process.on(name, () => {
        const now = performance.now();
        if (now - (last.get(forwarded) ?? -Infinity) > SAME_SIGNAL_MS) child.kill(forwarded);
        last.set(forwarded, now);
      });
    }
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9)),
    );
  });
}
