import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runAs, serverAccount } from '../../dist/src/platform/persistence/embedded/account.js';
import { freePort } from '../../dist/src/platform/persistence/embedded/free-port.js';
import {
  identify,
  inspect,
  signal,
  waitForExit,
} from '../../dist/src/platform/persistence/embedded/process-identity.js';

const READY_LIMIT_MS = 60_000;
const END_LIMIT_MS = 5_000;
const ADMIN = 'clouddb_owner';
const PASSWORD = 'ownerSecret1';
const ENVIRONMENT = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

/** Nothing in a test must survive a power cut; nothing is resolved, since names on a test machine may hang. */
const SETTINGS = [
  '--bind-address=127.0.0.1',
  '--skip-name-resolve',
  '--skip-log-bin',
  '--skip-innodb-doublewrite',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-buffer-pool-size=64M',
  '--performance-schema=OFF',
  '--max-connections=300',
  '--max-allowed-packet=256M',
];

/** The MariaDB that is installed; undefined when there is none. */
export function mariadbPrograms() {
  const server = programPath('mariadbd');
  const install = programPath('mariadb-install-db');
  return server && install && { server, install };
}

/**
 * Starts a MariaDB on a folder of its own and a random port; nothing that already runs on the machine is touched.
 * `more` are further options of the server.
 */
export async function startMariadb(folder, more = []) {
  const { server, install } = mariadbPrograms();
  const account = await serverAccount(folder);
  const place = placeIn(folder);
  mkdirSync(place.folder, { recursive: true, mode: 0o711 });
  if (account) chownSync(place.folder, account.uid, account.gid);
  writeFileSync(place.init, initialStatements(), { mode: 0o644 });
  const as = { ...runAs(account), cwd: '/', env: ENVIRONMENT };
  await promisify(execFile)(
    install,
    [
      '--no-defaults',
      `--datadir=${place.data}`,
      '--skip-test-db',
      '--auth-root-authentication-method=normal',
    ],
    as,
  );
  const port = await freePort();
  const options = ['--no-defaults', `--datadir=${place.data}`, `--port=${port}`, `--init-file=${place.init}`];
  const files = [`--socket=${place.socket}`, `--pid-file=${place.pid}`, `--log-error=${place.log}`];
  const child = spawn(server, [...options, ...files, ...SETTINGS, ...more], { ...as, stdio: 'ignore' });
  await untilReady(child, port, place);
  const url = `mysql://${ADMIN}:${PASSWORD}@127.0.0.1:${port}/mysql`;
  return { url, socket: place.socket, stop: async () => endMariadb(folder) };
}

/** Ends the server of a folder, also one that a killed run has left. */
export async function endMariadb(folder) {
  const place = placeIn(folder);
  if (existsSync(place.pid)) {
    const found = await identify(Number(readFileSync(place.pid, 'utf8')));
    const command = found && (await inspect(found))?.commandLine;
    if (command?.includes(`--datadir=${place.data} `)) {
      await signal(found, 'SIGKILL');
      await waitForExit(found, END_LIMIT_MS);
    }
  }
  rmSync(place.folder, { recursive: true, force: true });
}

function placeIn(dataDir) {
  const folder = join(dataDir, 'mariadb');
  const [data, init, socket, pid, log] = ['data', 'init.sql', 'sock', 'server.pid', 'server.log'].map(
    (name) => join(folder, name),
  );
  return { folder, data, init, socket, pid, log };
}

function initialStatements() {
  return [
    `create or replace user '${ADMIN}'@'%' identified by '${PASSWORD}';`,
    `grant all privileges on *.* to '${ADMIN}'@'%' with grant option;`,
    "delete from mysql.global_priv where User = 'root';",
    'flush privileges;',
  ].join('\n');
}

async function untilReady(child, port, place) {
  let failure;
  child.once('error', (error) => (failure = error));
  child.once('exit', (code) => (failure ??= new Error(`MariaDB ended with ${code}.\n${logOf(place)}`)));
  const deadline = performance.now() + READY_LIMIT_MS;
  while (!(await greets(port))) {
    if (failure) throw failure;
    if (performance.now() > deadline) throw new Error(`MariaDB was not ready in time.\n${logOf(place)}`);
    await sleep(20);
  }
  child.unref();
}

/** The server speaks first, and only when its initial statements are done. */
function greets(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

function logOf(place) {
  return existsSync(place.log) ? readFileSync(place.log, 'utf8').slice(-4000) : '';
}

function programPath(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
