import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ownerOf } from '../../dist/src/platform/persistence/embedded/account.js';
import { readState, stateDirectory } from '../../dist/src/platform/persistence/embedded/cluster-state.js';
import { EmbeddedCluster } from '../../dist/src/platform/persistence/embedded/embedded-cluster.js';
import { BUILTIN_LOCALE } from '../../dist/src/platform/persistence/embedded/initdb.js';
import { InstanceLock, lockHolder } from '../../dist/src/platform/persistence/embedded/instance-lock.js';
import { endPostmaster, findPostmaster } from '../../dist/src/platform/persistence/embedded/postmaster.js';
import {
  MANAGEMENT_SETTINGS,
  SANDBOX_SETTINGS,
} from '../../dist/src/platform/persistence/embedded/server-settings.js';
import { endMariadb, mariadbPrograms, startMariadb } from './mariadb-server.mjs';
import { endMongodb, nameOfMongodb, startMongodb } from './mongodb-server.mjs';

const runs = join(tmpdir(), 'clouddb-manager-test');
const NOT_DURABLE = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
const RUN_FRESH_MS = 60_000;
const DATA_FRESH_MS = 1_800_000;

/**
 * Starts what the tests need: one PostgreSQL for the product's own data, one for the databases of tenants, and beside
 * it the machine's own version when it has one (or the server that TEST_POSTGRES_URL names), and MariaDB (or the server
 * that MYSQL_TEST_URL names), and MongoDB or what speaks its protocol (or the server that MONGODB_TEST_URL names). Nothing that already runs on the machine is touched.
 */
export async function startTestServers() {
  await removeLeftRuns();
  const dataDir = join(runs, `run-${process.pid}-${Math.random().toString(36).slice(2, 8)}`);
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const lock = await InstanceLock.acquire(dataDir);
  const plans = clusterPlans();
  const mariadb = findMysql(dataDir);
  const documents = findMongodb(dataDir);
  const outcomes = await Promise.allSettled(plans.map((plan) => startCluster(dataDir, plan)));
  const [mysql, mongodb] = await Promise.allSettled([mariadb, documents]);
  const clusters = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const stop = async () => {
    await Promise.all(clusters.map((cluster) => cluster.stop('immediate')));
    await endMariadb(dataDir);
    await endMongodb(dataDir);
    await lock.release();
    await removeRun(dataDir);
  };
  const failed = [...outcomes, mysql, mongodb].find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const started = plans.map(({ name }, index) => ({ name, url: clusters[index].databaseUrl('postgres') }));
  if (process.env.TEST_POSTGRES_URL) started.push({ name: 'machine', url: process.env.TEST_POSTGRES_URL });
  const [management, ...sandboxes] = started;
  announce(sandboxes, mysql.value);
  announceMongodb(mongodb.value);
  return { servers: { management, sandboxes, mysql: mysql.value, mongodb: mongodb.value }, stop };
}

async function findMysql(dataDir) {
  const { MYSQL_TEST_URL: given } = process.env;
  if (given) return [{ name: await nameOfMongodb(given), url: given }];
  if (mariadbPrograms() === undefined) return [];
  const { url } = await startMariadb(dataDir);
  return [{ name: 'mariadb', url }];
}

async function findMongodb(dataDir) {
  const { MONGODB_TEST_URL: given } = process.env;
  if (given) return [{ name: await nameOfMongodb(given), url: given }];
  const started = await startMongodb(dataDir);
  return started === undefined ? [] : [started];
}

function clusterPlans() {
  const machine = machineInstallation();
  return [
    { name: 'management', settings: MANAGEMENT_SETTINGS, locale: BUILTIN_LOCALE },
    { name: 'embedded', settings: SANDBOX_SETTINGS, locale: BUILTIN_LOCALE },
    ...(machine === undefined ? [] : [{ name: 'machine', settings: SANDBOX_SETTINGS, ...machine }]),
  ];
}

function startCluster(dataDir, { name, settings, locale, binDir }) {
  return EmbeddedCluster.start({
    name,
    dataDir,
    superuser: 'clouddb_owner',
    settings: { ...settings, ...NOT_DURABLE },
    log: (message) => console.error(message),
    ...(binDir !== undefined && { binDir }),
    initdbOptions: [...locale, '--no-sync'],
  });
}

/** The newest server installed where Debian puts them. */
function machineInstallation() {
  if (process.env.TEST_POSTGRES_URL) return undefined;
  const folder = '/usr/lib/postgresql';
  const versions = existsSync(folder) ? readdirSync(folder).sort((a, b) => Number(b) - Number(a)) : [];
  const binDir = versions.map((version) => join(folder, version, 'bin')).find(hasServer);
  return binDir && { binDir, locale: ['--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums'] };
}

function hasServer(binDir) {
  return existsSync(join(binDir, 'initdb')) && existsSync(join(binDir, 'postgres'));
}

function announce(sandboxes, mysql) {
  for (const { name, url } of sandboxes) {
    console.error(`Tests use PostgreSQL "${name}" at ${new URL(url).host}.`);
  }
  if (sandboxes.length === 1) {
    console.error(
      'Tests run WITHOUT a second version of PostgreSQL: install the package postgresql or set TEST_POSTGRES_URL.',
    );
  }
  for (const { url } of mysql) console.error(`Tests use MySQL or MariaDB at ${new URL(url).host}.`);
  if (mysql.length === 0) {
    console.error(
      'LACKING: MariaDB. Its tests are skipped: install the package mariadb-server-core or set MYSQL_TEST_URL.',
    );
  }
}

function announceMongodb(servers) {
  for (const { name, url } of servers)
    console.error(`Tests use "${name}" for MongoDB at ${new URL(url).host}.`);
  if (servers.length === 0) {
    console.error('LACKING: MongoDB. Its tests are skipped: install mongod, or Go, or set MONGODB_TEST_URL.');
  }
}

/** A run that was killed leaves its servers behind; its lock tells that nobody is there any more. */
async function removeLeftRuns() {
  mkdirSync(runs, { recursive: true, mode: 0o711 });
  for (const name of readdirSync(runs)) {
    const dataDir = join(runs, name);
    if (isOld(name, dataDir) && (await lockHolder(dataDir)) === undefined) await removeRun(dataDir);
  }
}

/** Single tests have data folders of their own (data-folder.ts) whose lock is stale on purpose. */
function isOld(name, dataDir) {
  const age = Date.now() - statSync(dataDir).mtimeMs;
  if (name.startsWith('data-')) return age > DATA_FRESH_MS;
  return age > RUN_FRESH_MS || existsSync(join(dataDir, 'instance.lock'));
}

async function removeRun(dataDir) {
  await endMariadb(dataDir);
  await endMongodb(dataDir);
  const folder = join(dataDir, 'postgres');
  const states = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  for (const file of states) {
    const name = basename(file, '.json');
    const directory = stateDirectory(dataDir, name, await readState(dataDir, name));
    const postmaster = await findPostmaster(directory, await ownerOf(directory));
    if (postmaster !== undefined) await endPostmaster(postmaster, 'immediate');
    rmSync(directory, { recursive: true, force: true });
  }
  rmSync(dataDir, { recursive: true, force: true });
}
