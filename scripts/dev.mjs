import './node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureAssets, ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { node24, root } from './run.mjs';

const QUIET_MS = 300;
const STOP_LIMIT_MS = 5000;

const env = {
  NODE_ENV: 'development',
  TEMPLATE_RELOAD: '1',
  DATA_DIR: join('.data', 'dev'),
  ADMIN_EMAIL: 'admin@example.com',
  ADMIN_PASSWORD: 'development',
  ...process.env,
};

let server;
let restarting = Promise.resolve();
let pending;

await ensureInstalled();
await ensureBuilt();
const compiler = spawn(
  node24,
  [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
    '--watch',
    '--preserveWatchOutput',
  ],
  { cwd: root, stdio: 'inherit' },
);
start();
console.log(`Sign in as ${env.ADMIN_EMAIL} with ${env.ADMIN_PASSWORD}.`);
watch(join(root, 'dist'), { recursive: true }, restartSoon);
for (const folder of ['src/client', 'public/css'].map((path) => join(root, path)).filter(existsSync)) {
  watch(folder, { recursive: true }, restartSoon);
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    compiler.kill();
    await stop();
    process.exit(0);
  });
}

function start() {
  server = spawn(node24, ['--enable-source-maps', 'dist/src/main.js'], {
    cwd: root,
    env,
    stdio: 'inherit',
    detached: true,
  });
}

/** One restart for a burst of changed files; the compiler, which runs beside us, has done its part by then. */
function restartSoon() {
  clearTimeout(pending);
  pending = setTimeout(() => {
    restarting = restarting.then(async () => {
      await ensureAssets();
      await stop();
      start();
    });
  }, QUIET_MS);
}

async function stop() {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await Promise.race([ended, sleep(STOP_LIMIT_MS).then(() => server.kill('SIGKILL'))]);
}
