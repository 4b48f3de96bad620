import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { freePort } from '../../dist/src/platform/persistence/embedded/free-port.js';
import {
  identify,
  inspect,
  signal,
  waitForExit,
} from '../../dist/src/platform/persistence/embedded/process-identity.js';

const FERRETDB = 'v1.24.0';
const BUILD_LIMIT_MS = 600_000;
const READY_LIMIT_MS = 30_000;
const END_LIMIT_MS = 5_000;
const LOGIN = { username: 'clouddb_owner', password: 'ownerSecret1' };

/**
 * Starts a server that speaks MongoDB's protocol, on a folder of its own and a random port: MongoDB where it is
 * installed, else FerretDB, which is built once when Go is there. Undefined when neither is to be had.
 */
export async function startMongodb(folder) {
  const mongod = programPath('mongod');
  const ferretdb = mongod === undefined ? (programPath('ferretdb') ?? (await builtFerretdb())) : undefined;
  const program = mongod ?? ferretdb;
  if (program === undefined) return undefined;
  const place = placeIn(folder);
  mkdirSync(place.data, { recursive: true, mode: 0o700 });
  const port = await freePort();
  const child = spawn(program, mongod ? mongodOptions(place, port) : ferretdbOptions(place, port), {
    cwd: place.data,
    stdio: 'ignore',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', HOME: place.data },
  });
  child.unref();
  writeFileSync(place.pid, String(child.pid));
  await untilReady(child, port, mongod !== undefined);
  const { username, password } = LOGIN;
  const url = `mongodb://${username}:${password}@127.0.0.1:${port}/?directConnection=true`;
  return { name: await nameOfMongodb(url), url };
}

/** What a server is and which version, in its own words. */
export async function nameOfMongodb(url) {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: READY_LIMIT_MS });
  try {
    const { process: program, version } = await client.db('admin').command({ serverStatus: 1 });
    if (!program.startsWith('ferretdb')) return `mongodb ${version}`;
    const { serverInfo } = await client.db('admin').command({ explain: { find: 'none' } });
    return `ferretdb ${serverInfo.ferretdbVersion}`;
  } finally {
    await client.close();
  }
}

/** Ends the server of a folder, also one that a killed run has left. */
export async function endMongodb(folder) {
  const place = placeIn(folder);
  if (existsSync(place.pid)) {
    const found = await identify(Number(readFileSync(place.pid, 'utf8')));
    const command = found && (await inspect(found))?.commandLine;
    if (command?.includes(place.data)) {
      await signal(found, 'SIGKILL');
      await waitForExit(found, END_LIMIT_MS);
    }
  }
  rmSync(place.folder, { recursive: true, force: true });
}

function placeIn(dataDir) {
  const folder = join(dataDir, 'mongodb');
  return { folder, data: join(folder, 'data'), pid: join(folder, 'server.pid') };
}

function mongodOptions({ data }, port) {
  return ['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--auth', '--quiet'];
}

function ferretdbOptions({ data }, port) {
  return [
    '--handler=sqlite',
    `--sqlite-url=file:${data}/`,
    `--state-dir=${data}`,
    `--listen-addr=127.0.0.1:${port}`,
    '--debug-addr=-',
    '--telemetry=disable',
    '--test-enable-new-auth',
    '--setup-database=admin',
    `--setup-username=${LOGIN.username}`,
    `--setup-password=${LOGIN.password}`,
  ];
}

async function untilReady(child, port, mongod) {
  let failure;
  child.once('error', (error) => (failure = error));
  child.once('exit', (code) => (failure ??= new Error(`The server for MongoDB ended with ${code}.`)));
  const deadline = performance.now() + READY_LIMIT_MS;
  for (;;) {
    if (failure) throw failure;
    if (await answers(port, mongod)) return;
    if (performance.now() > deadline) throw new Error('The server for MongoDB was not ready in time.');
    await sleep(50);
  }
}

/** Logs in; on a MongoDB that is new the login is made first, which the server allows once. */
async function answers(port, mongod) {
  const options = { directConnection: true, serverSelectionTimeoutMS: 500 };
  const open = new MongoClient(`mongodb://127.0.0.1:${port}/`, options);
  const known = new MongoClient(`mongodb://127.0.0.1:${port}/`, { ...options, auth: LOGIN });
  try {
    if (mongod) {
      const user = { createUser: LOGIN.username, pwd: LOGIN.password, roles: ['root'] };
      await open
        .db('admin')
        .command(user)
        .catch(() => undefined);
    }
    await known.db('admin').command({ ping: 1 });
    return true;
  } catch {
    return false;
  } finally {
    await Promise.all([open.close(), known.close()]);
  }
}

/**
 * FerretDB wants a file with its version in its own source, which a module does not bring: it is put into a copy of
 * the modules that the build makes anyway.
 */
async function builtFerretdb() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'clouddb-manager');
  const program = join(cache, `ferretdb-${FERRETDB}`);
  if (existsSync(program)) return program;
  const go = programPath('go');
  if (go === undefined) return undefined;
  console.error(`Building FerretDB ${FERRETDB} for the tests of MongoDB: once, a minute or two …`);
  const folder = join(cache, `build-${process.pid}`);
  try {
    await build(go, folder);
    renameSync(join(folder, 'ferretdb'), program);
    return program;
  } catch (error) {
    console.error(`FerretDB could not be built: ${error.stderr || error.message}`);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function build(go, folder) {
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, 'ferretdb'), folder, { recursive: true });
  const options = { cwd: folder, timeout: BUILD_LIMIT_MS, maxBuffer: 16_777_216 };
  await promisify(execFile)(go, ['mod', 'vendor'], options);
  writeFileSync(join(folder, 'vendor/github.com/FerretDB/FerretDB/build/version/version.txt'), FERRETDB);
  const what = 'github.com/FerretDB/FerretDB/cmd/ferretdb';
  await promisify(execFile)(go, ['build', '-mod=vendor', '-trimpath', '-o', 'ferretdb', what], options);
}

function programPath(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/go/bin', '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
