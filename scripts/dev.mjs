import './node-version.mjs';
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureAssets, ensureBuilt, forgetServerBuild } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { node24, program, root } from './run.mjs';

const QUIET_MS = 300;
const STOP_LIMIT_MS = 10_000;

const env = {
  NODE_ENV: 'development',
  TEMPLATE_RELOAD: '1',
  DATA_DIR: join('.data', 'dev'),
  ADMIN_EMAIL: 'admin@example.com',
  ADMIN_PASSWORD: 'development',
  EGRESS_ALLOW: '127.0.0.0/8,::1/128',
  ...process.env,
};

let server;
let restarting = Promise.resolve();
let pending;

await program(async () => {
  await ensureInstalled();
  await ensureBuilt();
  forgetServerBuild();
  const compiler = startCompiler();
  startServer();
  console.log(`Sign in as ${env.ADMIN_EMAIL} with ${env.ADMIN_PASSWORD}.`);
  for (const folder of ['dist', 'src/client', 'public/css'])
    watch(join(root, folder), { recursive: true }, restartSoon);
  await interruption();
  compiler.kill();
  await restarting;
  await stopServer();
});

/** Watches and compiles beside us; what it writes is what we watch. */
function startCompiler() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'];
  return spawn(node24, args, { cwd: root, stdio: 'inherit' });
}

function startServer() {
  server = spawn(node24, ['--enable-source-maps', 'dist/src/main.js'], {
    cwd: root,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
}

/** One restart for a burst of changed files. */
function restartSoon() {
  clearTimeout(pending);
  pending = setTimeout(() => {
    restarting = restarting.then(restart).catch((error) => console.error(error));
  }, QUIET_MS);
}

async function restart() {
  await ensureAssets();
  await stopServer();
  startServer();
}

async function stopServer() {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await Promise.race([ended, sleep(STOP_LIMIT_MS).then(() => server.kill('SIGKILL'))]);
}

function interruption() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
  });
}
